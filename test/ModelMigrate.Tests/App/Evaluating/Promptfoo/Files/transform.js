module.exports = (output, context) => output.join('+').slice(0, context.vars.n + 1);
module.exports.upper = output => output.join('').toUpperCase();
module.exports.none = () => { throw new Error('no'); };
