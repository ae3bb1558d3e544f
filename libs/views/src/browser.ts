/*
 * What a browser takes: the components of a capture's page and their look. Nothing here needs Node; the values that the
 * components show are made by `captureView` elsewhere and come as JSON.
 */
export { CapturePage } from './components/capture-page.tsx';
export { Verdict } from './components/verdict.tsx';
export { IncidentList } from './components/incident-list.tsx';
export { FindingList } from './components/finding-list.tsx';
export { FindingCard } from './components/finding-card.tsx';
export { ProcessTree } from './components/process-tree.tsx';
export { NetworkGraph } from './components/network-graph.tsx';
export { MemoryMap, MemoryMaps, type Shade, type ShadeOf } from './components/memory-map.tsx';
export { Timeline } from './components/timeline.tsx';
export { FileChanges } from './components/file-changes.tsx';
export { Environments } from './components/environments.tsx';
export { Coverage } from './components/coverage.tsx';
export { Custody } from './components/custody.tsx';
export { HexDump } from './components/hex-dump.tsx';
export { SeverityBadge } from './components/severity.tsx';
export { Evidence, evidenceString } from './components/evidence-text.tsx';
export { visiblePieces, visibleString } from './components/visible-text.ts';
export { formatSize } from './components/format.ts';
export { pageStyle } from './style/page-style.ts';
export { printStyle } from './style/print-style.ts';
export type * from './model/types.ts';
