// Holds the page against cec-contract section 1. It runs as CEC's scripts do: a classic script in
// the global scope. Whatever it finds is an error in the console, and then nothing is drawn.
cecImplicit = 1; // a ReferenceError in strict code
var cecFaults = [];
function cecFault(text) {
  cecFaults.push(text);
  console.error('CEC: ' + text);
}
function cecIs(name, read, want) {
  var got;
  try {
    got = read();
  } catch (e) {
    return cecFault(name + ': ' + e);
  }
  if (got !== want) cecFault(name + ' is ' + JSON.stringify(got) + ', want ' + JSON.stringify(want));
}
function cecIsData(name) {
  var d = Object.getOwnPropertyDescriptor(window, name);
  if (!d || !('value' in d) || !d.writable) cecFault(name + ' is no plain writable property of window');
}
function cecOffers(name, read) {
  cecIs('typeof ' + name, function () { return typeof read(); }, 'function');
}
cecIs('this', function () { return this; }, window);
cecIs('var in the global scope', function () { return window.cecWant; }, cecWant);
cecIs('charset', function () { return '在线客服'.length; }, 4);

cecIs('$ContextPath', function () { return $ContextPath; }, cecWant.base);
cecIs('$aicc_ContextPath', function () { return $aicc_ContextPath; }, cecWant.base + '/');
cecIs('configId', function () { return configId; }, cecWant.configId);
cecIs('userId', function () { return userId; }, cecWant.userId);
cecIs('userName', function () { return userName; }, cecWant.userName);
cecIs('tenantSpaceId', function () { return tenantSpaceId; }, cecWant.tenantSpaceId);
cecIs('locale', function () { return locale; }, cecWant.locale);
if (cecWant.token) cecIs('token', function () { return token; }, cecWant.token);
['$ContextPath', '$aicc_ContextPath', 'configId', 'userId', 'userName', 'tenantSpaceId', 'locale'].forEach(cecIsData);

cecIs('typeof thirdUserData', function () { return typeof thirdUserData; }, 'object');
Object.keys(cecWant.data).forEach(function (key) {
  cecIs('thirdUserData.' + key, function () { return String(thirdUserData[key]); }, cecWant.data[key]);
});
cecOffers('$', function () { return $; });
cecOffers('$.ajax', function () { return $.ajax; });
if (cecWant.token) cecOffers('thirdValidate', function () { return thirdValidate; });
if (cecWant.jquery) cecIs('$("<i>").length', function () { return $('<i>').length; }, 1);
if (cecWant.axios) cecOffers('axios.post', function () { return axios.post; });

cecOffers('importScript', function () { return importScript; });
window.cecImported = 0;
importScript('window.cecImported++; cecImplicit = 2;');
cecIs('runs of an imported script', function () { return window.cecImported; }, 1);

cecIs('runs of cobrowse.js', function () { return window.cobrowseSDK; }, cecWant.cobrowse ? 1 : undefined);
cecIs('cobrowseCommon.js', function () { return window.cobrowseCommon; }, cecWant.cobrowse ? 1 : undefined);
