#!/usr/bin/env node
// The published command. Written for any Node, so that one that is too old can say so instead of crashing.
'use strict';
var version = process.versions.node.split('.').map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 19)) {
  process.stderr.write(
    'metalk8s-console needs Node 22.19 or newer; this is Node ' +
      process.versions.node +
      ': install a newer one and start again.\n',
  );
  process.exit(2);
} else {
  import('./cli.js').catch(function (error) {
    process.stderr.write('metalk8s-console could not start: ' + (error && error.message) + '\n');
    process.exit(2);
  });
}
