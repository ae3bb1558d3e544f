/** The look of a page about a capture. Both schemes keep a contrast of 4.5 to 1 for text, and say nothing by colour alone. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f8; --surface: #fff; --raised: #eef0f3; --line: #d5d9e0; --text: #191c21; --quiet: #565d69; --link: #0b57a4; --focus: #0b57a4;
  --critical: #931349; --high: #a83c06; --medium: #735600; --low: #1b5e9b; --informational: #565d69; --good: #1a6b3c;
  --critical-ground: #fcebf2; --high-ground: #fdeee5; --medium-ground: #fbf3da; --low-ground: #e6f0fa; --informational-ground: #eef0f3; --good-ground: #e6f4ea;
  --on-strong: #fff;
  --program: #0b63a8; --library: #56a8dc; --heap: #d98e04; --stack: #b0588f; --anonymous: #868c96; --shared: #11856a; --memory-file: #d1490c; --file: #a9a37c; --kernel: #b9bec6;
  --mono: ui-monospace, 'SFMono-Regular', Menlo, Consolas, 'Liberation Mono', 'DejaVu Sans Mono', monospace;
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'DejaVu Sans', sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #121418; --surface: #1a1d22; --raised: #252930; --line: #363c45; --text: #e4e7ec; --quiet: #a3abb8; --link: #8fc0f5; --focus: #8fc0f5;
    --critical: #ff8cb6; --high: #ff9f68; --medium: #e5c04f; --low: #84bdf7; --informational: #a3abb8; --good: #74cf96;
    --critical-ground: #3a1526; --high-ground: #38200f; --medium-ground: #312809; --low-ground: #12283d; --informational-ground: #252930; --good-ground: #11301d;
    --on-strong: #14161a;
    --program: #4b9be0; --library: #8ccbf0; --heap: #e9a83a; --stack: #d585b8; --anonymous: #8c939e; --shared: #35b391; --memory-file: #f0753b; --file: #b9b38b; --kernel: #59606b;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 3.5rem; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 var(--sans); font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
main { max-width: 70rem; margin: 0 auto; padding: 0 1.5rem 2rem; }
footer { max-width: 70rem; margin: 0 auto; padding: 1rem 1.5rem 3rem; color: var(--quiet); font-size: .8125rem; }
a { color: var(--link); text-underline-offset: .15em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -100vw; } .skip:focus { left: 1rem; top: .5rem; background: var(--surface); padding: .5rem; z-index: 3; }
h1, h2, h3, h4, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h1 { font-size: 1.75rem; line-height: 1.2; letter-spacing: -.01em; }
h2 { font-size: 1.25rem; line-height: 1.3; padding-top: 2.5rem; }
h3 { font-size: 1rem; line-height: 1.4; font-weight: 600; }
h4 { font-size: .8125rem; color: var(--quiet); font-weight: 600; margin-top: .75rem; }
section > h3 { margin-top: 1.25rem; }
code, .code, .mono, pre { font-family: var(--mono); font-size: .9em; }
.code { white-space: pre-wrap; }
.mark { font-family: var(--mono); font-size: .8em; color: var(--medium); background: var(--medium-ground); border-radius: 2px; padding: 0 .1em; }
.cut, .more, .source { color: var(--quiet); font-size: .875em; }
.hash { font-size: .8125rem; }
.hash.small { display: block; font-size: .65625rem; color: var(--quiet); }
.lead { color: var(--quiet); max-width: 46rem; margin: .25rem 0 .75rem; }
.about { color: var(--quiet); font-size: .875rem; }
.about b { color: var(--text); font-weight: 600; }

.verdict { padding-top: 2rem; }
.verdict .kind { color: var(--quiet); font-size: .8125rem; }
.answer { margin: 1rem 0; padding: .875rem 1rem; border-left: 6px solid var(--informational); background: var(--informational-ground); }
.answer.critical { border-color: var(--critical); background: var(--critical-ground); }
.answer.high { border-color: var(--high); background: var(--high-ground); }
.answer.medium { border-color: var(--medium); background: var(--medium-ground); }
.answer.low { border-color: var(--low); background: var(--low-ground); }
.answer.none, .answer.held { border-color: var(--good); background: var(--good-ground); }
.headline { font-size: 1.375rem; line-height: 1.3; font-weight: 650; letter-spacing: -.01em; }
.counts { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .5rem 0; }
.counts b { font-size: 1.125rem; }
.stories { margin: .5rem 0; } .stories a { color: var(--text); }
.limits { font-size: .875rem; }
.severity { font-weight: 600; font-size: .8125rem; white-space: nowrap; }
.severity.critical { color: var(--critical); } .severity.high { color: var(--high); } .severity.medium { color: var(--medium); } .severity.low { color: var(--low); } .severity.informational { color: var(--informational); }

.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .125rem 1.25rem; font-size: .875rem; margin: .5rem 0; }
.facts > div { display: contents; }
.facts dt { color: var(--quiet); }

.contents { position: sticky; top: 0; z-index: 2; margin: 1rem -1.5rem 0; padding: 0 1.5rem; background: var(--ground); border-bottom: 1px solid var(--line); }
.contents ul { display: flex; gap: 0 1.25rem; overflow-x: auto; scrollbar-width: thin; }
.contents a { display: block; padding: .6rem 0; white-space: nowrap; font-size: .875rem; text-decoration: none; color: var(--quiet); }
.contents a:hover { color: var(--text); box-shadow: inset 0 -2px var(--text); }

.incident { background: var(--surface); border: 1px solid var(--line); border-left: 6px solid var(--line); padding: 1rem 1.25rem; margin-top: .75rem; }
.incident.critical { border-left-color: var(--critical); } .incident.high { border-left-color: var(--high); } .incident.medium { border-left-color: var(--medium); }
.incident h3 { font-size: 1.125rem; margin: .125rem 0 .5rem; max-width: 52rem; }
.story { margin: .5rem 0 .75rem; border-left: 2px solid var(--line); padding-left: 1rem; }
.story li { position: relative; padding: .15rem 0; font-size: .9375rem; }
.story li::before { content: ''; position: absolute; left: calc(-1rem - 6px); top: .65em; width: 8px; height: 8px; border: 1px solid var(--surface); background: var(--quiet); border-radius: 50%; }
.story li.critical::before { background: var(--critical); border-radius: 0; transform: rotate(45deg); } .story li.high::before { background: var(--high); border-radius: 0; } .story li.medium::before { background: var(--medium); } .story li.low::before { background: var(--low); }
.story a { color: inherit; text-decoration: none; } .story a:hover { text-decoration: underline; }
.techniques { display: flex; flex-wrap: wrap; gap: .25rem .375rem; margin-top: .5rem; }
.techniques a { display: block; font-size: .75rem; color: var(--text); background: var(--raised); padding: .1rem .5rem; border-radius: 3px; text-decoration: none; }
.techniques a:hover { text-decoration: underline; }

details > summary { cursor: pointer; }
.finding { background: var(--surface); border: 1px solid var(--line); border-left: 4px solid var(--line); margin-top: -1px; }
.finding[open] { margin: .5rem 0; } .finding:first-child { margin-top: 0; }
.finding.critical { border-left-color: var(--critical); } .finding.high { border-left-color: var(--high); } .finding.medium { border-left-color: var(--medium); } .finding.low { border-left-color: var(--low); }
.finding > summary { display: grid; grid-template-columns: 2.25rem 7.5rem minmax(0, 1fr); gap: .5rem; align-items: baseline; padding: .5rem 1rem .5rem .75rem; list-style: none; }
.finding > summary::-webkit-details-marker { display: none; }
.finding > summary:hover { background: var(--raised); }
.finding .number { color: var(--quiet); font-size: .8125rem; text-align: right; }
.finding summary h3 { font-weight: 500; font-size: .9375rem; }
.finding[open] summary h3 { font-weight: 650; }
.finding .body { padding: 0 1rem 1rem 11.5rem; }
.evidence-list > li { padding: .375rem 0 .5rem; border-top: 1px solid var(--line); font-size: .875rem; }
.evidence-list > li:first-child { border-top: 0; padding-top: .125rem; }
.evidence-list p { margin: 0; } .evidence-list b { font-weight: 600; }
.value { margin-top: .125rem; }
.hex { margin: .375rem 0; padding: .5rem .625rem; background: var(--raised); overflow-x: auto; font-size: .75rem; line-height: 1.45; white-space: pre; }
.command { display: flex; gap: .5rem; align-items: flex-start; margin: .25rem 0 0; }
.command code { flex: 0 1 auto; font-size: .78125rem; color: var(--quiet); }
.command code::before { content: '$ '; user-select: none; }
button { flex: none; white-space: nowrap; font: inherit; font-size: .75rem; color: var(--text); background: var(--raised); border: 1px solid var(--line); border-radius: 3px; padding: 0 .5rem; cursor: pointer; }
button:hover { border-color: var(--quiet); }
.signals { display: flex; flex-wrap: wrap; gap: .125rem 1.25rem; font-size: .8125rem; margin-top: .25rem; }
.signals div { display: flex; gap: .375rem; min-width: 0; } .signals dt { color: var(--quiet); }
.harmless { font-size: .875rem; margin-top: .625rem; max-width: 46rem; } .harmless b { font-weight: 600; }
.filter { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: .5rem 0; font-size: .8125rem; color: var(--quiet); }
.filter input { font: inherit; color: var(--text); background: var(--surface); border: 1px solid var(--quiet); border-radius: 3px; padding: .2rem .5rem; width: 16rem; max-width: 100%; }
.filter button { padding: .2rem .625rem; }
[hidden] { display: none !important; }

.gaps { max-width: 52rem; margin: .25rem 0 0; }
.gaps li { padding: .2rem 0 .2rem 1rem; text-indent: -1rem; font-size: .9375rem; } .gaps li::before { content: '–'; display: inline-block; width: 1rem; text-indent: 0; color: var(--quiet); }
.gaps b { font-weight: 600; }
.detectors { columns: 18rem; column-gap: 1.5rem; font-size: .8125rem; padding: .5rem 0; }
.detectors li { break-inside: avoid; padding: .05rem 0; } .detectors .signal { display: inline-block; width: 2.25rem; color: var(--quiet); } .detectors b { font-weight: 400; color: var(--quiet); } .detectors .blind b, .detectors .failed b { color: var(--high); font-weight: 600; }

.tree { background: var(--surface); border: 1px solid var(--line); }
.process > summary { display: flex; gap: .5rem; align-items: center; padding: 0 .75rem; min-height: 1.875rem; list-style: none; }
.process > summary::-webkit-details-marker { display: none; }
.process > summary:hover { background: var(--raised); }
.boundary { display: flex; gap: .5rem; align-items: center; margin: 0; padding: 0 .9rem; font-size: .75rem; color: var(--medium); } .boundary > span:last-child { flex: 1; border-bottom: 1px dashed currentColor; }
.tree li.apart { box-shadow: inset 3px 0 var(--medium); } .tree li.apart-2 { box-shadow: inset 3px 0 var(--medium), inset 5px 0 var(--surface), inset 8px 0 var(--medium); } .tree li.apart-3 { box-shadow: inset 8px 0 var(--medium); }
.guide { font-family: var(--mono); white-space: pre; color: var(--quiet); flex: none; line-height: 1.875rem; font-size: .8125rem; }
.pid { color: var(--quiet); min-width: 2.5rem; text-align: right; flex: none; }
.process .name { font-weight: 600; flex: none; max-width: 14rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.command-line { flex: 1 1 8rem; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--quiet); font-size: .875rem; }
.command-line .code { white-space: pre; }
.badges { display: flex; flex-wrap: wrap; gap: .125rem .375rem; justify-content: flex-end; flex: 0 1 auto; align-items: baseline; }
.badge { font-size: .75rem; line-height: 1.5; padding: 0 .375rem; border: 1px solid var(--line); border-radius: 3px; white-space: nowrap; color: var(--quiet); }
.badge.memory_only, .badge.deleted, .badge.node_namespaces { color: var(--high); border-color: currentColor; }
.badge.connected, .badge.listening { color: var(--low); border-color: currentColor; }
.badge.secret { margin-left: .5rem; }
.process .facts { padding: .25rem 1rem .75rem 4rem; margin: 0; }
.capabilities { font-family: var(--mono); font-size: .8125rem; }
.finding-links { display: inline-flex; flex-wrap: wrap; gap: 0 .5rem; font-size: .8125rem; }

.scrollable { overflow-x: auto; }
.picture { margin: .75rem 0; }
figcaption { color: var(--quiet); font-size: .8125rem; margin-top: .25rem; }
svg { display: block; }
svg text { font-family: var(--sans); font-size: 13px; fill: var(--text); }
svg .mono { font-family: var(--mono); font-size: 12px; } svg .strong { font-weight: 600; } svg .quiet { fill: var(--quiet); font-weight: 400; font-size: 12px; }
.network-graph { width: 100%; min-width: 56rem; }
.node rect { fill: var(--surface); stroke: var(--quiet); stroke-width: 1; }
.node.critical rect { stroke: var(--critical); stroke-width: 2; } .node.high rect { stroke: var(--high); stroke-width: 2; } .node.medium rect { stroke: var(--medium); stroke-width: 2; }
.node.critical .strong { fill: var(--critical); } .node.high .strong { fill: var(--high); } .node.medium .strong { fill: var(--medium); }
.peer-node.internet rect { stroke-width: 2; stroke: var(--text); }
.edge path { fill: none; stroke: var(--quiet); stroke-width: 1.25; color: var(--quiet); } .edge text { fill: var(--quiet); font-size: 12px; font-family: var(--mono); paint-order: stroke; stroke: var(--ground); stroke-width: 4px; }
.edge.critical path { stroke: var(--critical); stroke-width: 2; } .edge.high path { stroke: var(--high); stroke-width: 2; } .edge.critical text { fill: var(--critical); } .edge.high text { fill: var(--high); }
.arrow { fill: context-stroke; }

.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; font-size: .8125rem; color: var(--quiet); margin: .25rem 0 .75rem; }
.legend li { display: flex; gap: .375rem; align-items: center; } .legend svg { width: 12px; height: 12px; overflow: hidden; }
.memory { border-top: 1px solid var(--line); padding: .5rem 0; }
.memory > summary { display: list-item; } .memory > summary h3, .memory > summary .about { display: inline; } .memory > summary .about { margin-left: .5rem; }
.memory-map { width: 100%; min-width: 60rem; margin-top: .5rem; }
.k-program { fill: var(--program); } .k-library { fill: var(--library); } .k-heap { fill: var(--heap); } .k-stack { fill: var(--stack); } .k-anonymous { fill: var(--anonymous); } .k-shared { fill: var(--shared); } .k-memory_file { fill: var(--memory-file); } .k-file { fill: var(--file); } .k-kernel { fill: var(--kernel); }
.mapped { fill-opacity: .32; }
.hatch { stroke: var(--critical); stroke-width: 1.5; fill: none; }
.runs { fill: var(--text); } .code-line { stroke: var(--text); stroke-width: 4; fill: none; }
.break { stroke: var(--quiet); fill: none; stroke-width: 1; }
svg text.label { font-size: 10.5px; fill: var(--quiet); } svg text.address { font-family: var(--mono); font-size: 10px; }
.flag rect { fill: var(--informational); } .flag text { fill: var(--on-strong); font-size: 10.5px; font-weight: 600; } .flag .pole { stroke: var(--informational); stroke-width: 1; }
.flag.critical rect { fill: var(--critical); } .flag.high rect { fill: var(--high); } .flag.medium rect { fill: var(--medium); } .flag.low rect { fill: var(--low); }
.flag.critical .pole { stroke: var(--critical); } .flag.high .pole { stroke: var(--high); } .flag.medium .pole { stroke: var(--medium); } .flag.low .pole { stroke: var(--low); }

.time-strip { width: 100%; min-width: 56rem; }
.time-strip .axis, .tick path { stroke: var(--quiet); fill: none; } .tick text { font-size: 11px; fill: var(--quiet); }
.moment { stroke: var(--quiet); stroke-width: 2; } .moment.container { stroke: var(--text); stroke-width: 2; } .moment.found { stroke: var(--high); stroke-width: 3; } .moment.log { stroke: var(--low); }
.events { border-left: 2px solid var(--line); margin-left: .25rem; }
.event { display: grid; grid-template-columns: 13rem minmax(0, 1fr); gap: .75rem; padding: .1rem 0 .1rem .75rem; font-size: .875rem; }
.event time { color: var(--quiet); white-space: nowrap; } .event .repeated { opacity: 0; } .event .milliseconds { font-size: .75rem; }
.event.container { font-weight: 600; }
.members { padding: .25rem 0 .25rem 1rem; font-size: .8125rem; }

.table { margin: .5rem 0; } .table > summary { font-size: .875rem; padding: .25rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .8125rem; background: var(--surface); }
th, td { text-align: left; vertical-align: baseline; padding: .25rem .625rem; border: solid var(--line); border-width: 1px 0; }
th { font-weight: 600; color: var(--quiet); white-space: nowrap; }
td.number, th.number { text-align: right; white-space: nowrap; } td.moment, td code { white-space: nowrap; } td .code { white-space: pre; }
td.path { min-width: 27.5rem; } td.path .code { white-space: pre-wrap; }
.setuid { color: var(--high); font-weight: 600; }

@media (max-width: 46rem) {
  main, footer { padding-left: 1rem; padding-right: 1rem; }
  .contents { margin-left: -1rem; margin-right: -1rem; padding: 0 1rem; }
  h1 { font-size: 1.5rem; }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0; } .facts dd { margin-bottom: .375rem; }
  .finding > summary { grid-template-columns: auto minmax(0, 1fr); } .finding .number { text-align: left; } .finding summary h3 { grid-column: 1 / -1; }
  .finding .body { padding: 0 .75rem .75rem; }
  .process > summary { flex-wrap: wrap; } .command-line { flex-basis: 100%; order: 3; padding-left: 1rem; } .badges { justify-content: flex-start; order: 4; flex-basis: 100%; padding-left: 1rem; }
  .process .facts { padding: .25rem .75rem .75rem 1.75rem; }
  .event { grid-template-columns: minmax(0, 1fr); gap: 0; } .event .repeated { display: none; }
}
`;
