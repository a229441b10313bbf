// Runs every feature of one client on every route, and prints a line of JSON for each. A client that has no such call says null.
// usage: node sdk.mjs GATEWAY CLIENT ROUTE…
import { statusOf } from "./checks.mjs";

const [, , gateway, client, ...routes] = process.argv;
const { default: features } = await import(`./clients/${client}.mjs`);

async function run(route) {
  for (const [feature, call] of Object.entries(features(gateway, route))) {
    let problem = null;
    try {
      await call?.();
    } catch (e) {
      problem = `${e.name}: ${statusOf(e) ?? ""} ${e.message}`;
    }
    console.log(JSON.stringify({ route, feature, has: call !== null, problem }));
  }
}

await Promise.all(routes.map(run));
