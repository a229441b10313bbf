namespace ModelMigrate.Control.Evaluation.Promptfoo.Scripts;

/// <summary>What node runs: it reads a case a line, calls the script of the case, and answers with a line. What a script prints goes to standard error.</summary>
internal static class NodeProgram
{
    public const string Name = "run.cjs";

    public const string Code = """
        'use strict';
        const fs = require('fs');
        const path = require('path');
        const { pathToFileURL } = require('url');
        const write = fs.writeSync.bind(fs);
        const say = JSON.stringify.bind(JSON);
        const known = new Map();
        process.stdout.write = process.stderr.write.bind(process.stderr);
        for (const name of ['log', 'info', 'debug']) console[name] = console.error;

        // One expression is returned; of declarations on one line the last statement is. Several lines return by themselves.
        function body(code) {
          if (code.includes('\n')) return code;
          const line = code.trim().replace(/;+\s*$/, '');
          if (!/^(const|let|var)\s/.test(line)) return 'return ' + line;
          let quote = '', last = -1;
          for (let i = 0; i < line.length; i++) {
            const c = line[i];
            if (c === '\\') i++;
            else if (quote) quote = c === quote ? '' : quote;
            else if (c === '"' || c === "'" || c === '`') quote = c;
            else if (c === ';') last = i;
          }
          const rest = last < 0 ? '' : line.slice(last + 1).trim();
          return rest ? line.slice(0, last + 1) + ' return ' + rest : line;
        }

        async function load(file) {
          try {
            return await import(pathToFileURL(path.join(__dirname, file)));
          } catch (error) {
            // A module of the newer kind with the older kind's name.
            if (!(error instanceof SyntaxError) || file.endsWith('.mjs')) throw error;
            return await import(pathToFileURL(path.join(__dirname, file + '.mjs')));
          }
        }

        async function call(one) {
          const key = one.file ? one.file + ':' + (one.name || '') : one.code;
          let script = known.get(key);
          if (!script) {
            if (one.file) {
              const module = await load(one.file);
              const inner = module.default && module.default.default || module.default;
              script = one.name ? module[one.name] || (inner && inner[one.name]) : typeof inner === 'function' ? inner : undefined;
              if (typeof script !== 'function') throw new Error(one.name ? `The file has no function ${one.name}.` : 'The file exports no function.');
            } else {
              script = new Function('output', 'context', 'process', body(one.code.trimEnd()));
            }
            known.set(key, script);
          }
          return one.file ? script(one.output, one.context) : script(one.output, one.context, process);
        }

        const lines = require('readline').createInterface({ input: process.stdin, terminal: false });
        (async () => {
          for await (const line of lines) {
            const one = JSON.parse(line);
            let answer = { case: one.case };
            try {
              const value = one.ready ? true : await call(one);
              answer.value = typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
              if (answer.value === undefined || typeof answer.value === 'function') answer.value = null;
              say(answer);
            } catch (error) {
              answer = { case: one.case, error: String(error && error.message || error) };
            }
            const bytes = Buffer.from(say(answer) + '\n');
            for (let at = 0; at < bytes.length;) at += write(1, bytes, at);
          }
        })();
        """;
}
