'use strict';
// Enough arithmetic for every tier of the compiler, then a server's life.
let sum = 0;
function step(n) {
  return (n * 2654435761) % 4294967296;
}
for (let i = 0; i < 5e6; i += 1) sum = step(sum + i);
const expression = new RegExp('(a|b)*c[0-9]{2,4}');
for (let i = 0; i < 1e5; i += 1) expression.test('abababc' + i);
console.log('ready');
setInterval(() => {
  sum = step(sum);
}, 100);
