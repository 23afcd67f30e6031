/* thirdPartyClient.js: the first script of token mode. It starts the second one through the page. */
cecSimulated.expect('thirdPartyClient.js', [
  '$ContextPath', '$aicc_ContextPath', 'configId', 'userId', 'userName', 'tenantSpaceId', 'locale', 'token',
  'thirdUserData', 'thirdValidate', 'importScript', '$'
]);
thirdValidate(thirdUserData);
