export { captureView, type CaptureContext, type CaptureView } from './model/capture-view.ts';
export type { ArchiveFacts, CaptureFacts, CaptureWhere } from './model/capture-facts.ts';
export type { VerdictView } from './model/verdict-view.ts';
export type { EvidenceView, FindingView, IncidentView, TechniqueView } from './model/finding-view.ts';
export type { BytesView } from './model/bytes-view.ts';
export type { ProcessBadge, ProcessesView, ProcessView } from './model/process-view.ts';
export type { AddressScope, GraphEdge, GraphPeer, GraphProcess, NetworkView, SocketView } from './model/network-view.ts';
export type { MemoriesView, MemoryMarker, MemoryView, SegmentKind, SegmentView } from './model/memory-view.ts';
export type { EventView, TimelineView } from './model/timeline-view.ts';
export type { FilesView, FileView } from './model/file-view.ts';
export type { EnvironmentsView, EnvironmentView, VariableView } from './model/environment-view.ts';
export type { CoverageView, GapView } from './model/coverage-view.ts';
export type { CustodyRecord, CustodyView, LedgerEntryView, SealedRecord } from './model/custody-view.ts';
export type { EvidenceText } from './model/text.ts';

export { reportDocument, type ReportTool } from './document/report-document.tsx';

export { foldSegments } from './model/fold-segments.ts';
export { maxPictureSegments, type Piece } from './model/memory-view.ts';
export { maxDrawnPeers, maxDrawnProcesses, maxShownSockets, scopeOf } from './model/network-view.ts';
