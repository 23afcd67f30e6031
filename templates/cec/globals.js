/* simulated, not the vendor's script: embedgen's stand-in for CEC, written from the published contract. */
var cecSimulated = cecSimulated || {};

/**
 * Reads the globals that CEC's scripts read, by their bare names as a script in the global scope
 * does, and throws one ReferenceError that names all that are missing or of the wrong kind.
 */
cecSimulated.expect = function (script, names) {
  var expected = {
    $ContextPath: ['string', function () { return $ContextPath; }],
    $aicc_ContextPath: ['string', function () { return $aicc_ContextPath; }],
    configId: ['string', function () { return configId; }],
    userId: ['string', function () { return userId; }],
    userName: ['string', function () { return userName; }],
    tenantSpaceId: ['string', function () { return tenantSpaceId; }],
    locale: ['string', function () { return locale; }],
    token: ['string', function () { return token; }],
    thirdUserData: ['object', function () { return thirdUserData; }],
    thirdValidate: ['function', function () { return thirdValidate; }],
    importScript: ['function', function () { return importScript; }],
    $: ['function', function () { return $; }]
  };

  var problems = [];
  function look(name) {
    var kind = expected[name][0];
    try {
      var value = expected[name][1]();
      if (typeof value !== kind || value === null || value === '') {
        problems.push(name + ' is not a' + (kind === 'object' ? 'n object' : kind === 'string' ? ' filled string' : ' function'));
      }
      return value;
    } catch (missing) {
      problems.push(name + ' is not defined');
    }
  }

  var found = {};
  names.forEach(function (name) { found[name] = look(name); });

  if (/\/$/.test(found.$ContextPath)) {
    problems.push('$ContextPath must not end in a slash');
  }
  if (typeof found.$aicc_ContextPath === 'string' && !/[^/]\/$/.test(found.$aicc_ContextPath)) {
    problems.push('$aicc_ContextPath must end in one slash');
  }
  if (typeof found.$ === 'function' && typeof found.$.ajax !== 'function') {
    problems.push('$.ajax is not a function (the slim build of jQuery has none)');
  }
  if (problems.length > 0) {
    throw new ReferenceError(script + ' (simulated): ' + problems.join('; ') +
      '. The page must assign these on window before it runs the script.');
  }
  return found;
};
