/**
 * Top-level domains that make a dotted name a domain wherever it stands in memory. Those that are also endings of files or
 * names in programs (`py`, `sh`, `so`, `rs`, `in`, `id`, `name`, `zip`, …) are left out: with them most hits would be
 * code. Such hosts are still found in URLs and e-mail addresses.
 */
export const topLevelDomains: readonly string[] = (
  'com net org edu gov mil int info biz xyz top site online club shop store tech space website live pro icu cloud agency ' +
  'onion local internal corp lan home arpa dev app ai io co us uk de fr nl eu ru su ua by kz cn jp kr tw hk sg vn th ph my au nz ca ' +
  'mx br ar cl za ng ke eg tr ir il ae sa pk bd lk ch at be lu dk se no fi cz sk hu ro bg gr pt es ie lv lt ee hr rs-x si-x ' +
  'tk ml-x ga gq cf pw tv ws cc link click download stream review racing date loan win bid trade work party gdn men mom vip ltd'
)
  .split(' ')
  .filter((name) => !name.endsWith('-x'));
