// The stream of all tabs of an origin. Browsers allow six connections per host over HTTP/1.1: a
// stream in each tab would hang the seventh, so one shared worker owns it.
'use strict';

var tabs = new Map(); // port → mark: the build that the tab was last told of, {instance, build}
var stream = null;
var latest = null;    // what the server said last
var base = 0;         // since this build every change is known
var changes = new Map(); // path → the build that changed it

function open(mark) {
  if (stream) stream.close();
  latest = null;
  base = mark.build;
  changes.clear();
  stream = new EventSource('events?since=' + mark.instance + '.' + mark.build);
  stream.addEventListener('state', function (event) { receive(JSON.parse(event.data)); });
}

function receive(state) {
  if (state.changed) {
    state.changed.forEach(function (path) { changes.set(path, state.build); });
  } else {
    base = state.build; // another server, or one that does not remember
    changes.clear();
  }
  latest = state;
  tabs.forEach(tell);
}

// tell says what changed since the tab was last told; null says that this is not known.
function tell(mark, port) {
  var known = mark.instance === latest.instance && mark.build >= base;
  var changed = known ? [] : null;
  if (known) {
    changes.forEach(function (build, path) {
      if (build > mark.build) changed.push(path);
    });
    mark.build = latest.build;
  }
  port.postMessage(Object.assign({}, latest, { changed: changed }));
}

function join(port, mark) {
  tabs.set(port, mark);
  var answers = latest && mark.instance === latest.instance && mark.build >= base;
  if (answers) {
    tell(mark, port);
  } else if (!stream || latest || mark.build < base) {
    open(mark);
  }
}

self.onconnect = function (event) {
  var port = event.ports[0];
  port.onmessage = function (message) {
    if (message.data === 'leave') {
      tabs.delete(port);
    } else {
      join(port, message.data);
    }
  };
};
