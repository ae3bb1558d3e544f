/** The same page on paper: black on white, what is folded and matters unfolded, nothing that only a screen can use. */
export const printStyle = `
@page { margin: 16mm 14mm; }
@media print {
  :root {
    color-scheme: light;
    --ground: #fff; --surface: #fff; --raised: #f1f2f4; --line: #c4c9d1; --text: #000; --quiet: #444a54; --link: #000; --on-strong: #fff;
    --critical: #931349; --high: #a83c06; --medium: #735600; --low: #1b5e9b; --informational: #565d69; --good: #1a6b3c;
    --critical-ground: #fcebf2; --high-ground: #fdeee5; --medium-ground: #fbf3da; --low-ground: #e6f0fa; --informational-ground: #eef0f3; --good-ground: #e6f4ea;
    --program: #0b63a8; --library: #56a8dc; --heap: #d98e04; --stack: #b0588f; --anonymous: #868c96; --shared: #11856a; --memory-file: #d1490c; --file: #a9a37c; --kernel: #b9bec6;
  }
  body { font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main, footer { max-width: none; padding: 0; }
  .contents, .filter, .copy, .skip { display: none; }
  .contents { position: static; }
  a { text-decoration: none; color: inherit; }
  h2, h3, h4 { break-after: avoid; }
  .memory, .evidence-list > li, tr, .event, .story li, .answer { break-inside: avoid-page; }
  .finding > summary, .finding .about, .finding h4, .incident h3 { break-after: avoid-page; }
  .incident, .finding { break-inside: auto; } .harmless, .techniques { break-before: avoid-page; }
  .techniques { gap: 0 .625rem; } .techniques a { background: none; padding: 0; font-size: 8pt; }
  .finding .body { padding-left: 3rem; }
  .memory-map, .network-graph, .time-strip { min-width: 0; }
  h2 { padding-top: 1.5rem; }
  .scrollable, .hex { overflow: visible; }
  .hex { white-space: pre-wrap; }
  .command-line, .process .name { white-space: normal; }
  td.path { min-width: 0; } td:not(.path) { white-space: nowrap; } th, td { padding: .2rem .3rem; } table { font-size: 7.5pt; } .hash.small { font-size: 6pt; }
  details[data-print-open]::details-content { content-visibility: visible; block-size: auto; }
}
`;
