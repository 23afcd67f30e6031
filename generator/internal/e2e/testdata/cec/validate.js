// The rest of thirdPartyClient.js: the page fetches the second script.
if (!cecFaults.length) thirdValidate(thirdUserData);
