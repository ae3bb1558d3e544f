/* For the suites of whoever shows captures in a browser: the browser itself, and archives that are hard to show. */
export { allowed, axeFaults, chromiumPath, launchChromium, overflow, watch } from './chromium.test-support.ts';
export { alterImage, membersOf, tarOf } from './altered-archive.test-support.ts';
export { attacks, hostileArchive } from './hostile-archive.test-support.ts';
export { largeArchive, writeLargeArchive } from './large-archive.test-support.ts';
