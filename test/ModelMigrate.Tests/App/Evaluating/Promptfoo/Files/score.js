module.exports = (scores, context) => ({ pass: scores.a > scores.b && context.threshold === 0.9, score: scores.a + scores.b + context.componentResults.length, reason: 'summed' });
module.exports.number = () => 0.5;
