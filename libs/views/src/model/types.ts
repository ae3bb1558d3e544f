/* What the model is made of: the same types for both doors. */
export type { CaptureView } from './capture-view.ts';
export type { ArchiveFacts, CaptureFacts, CaptureWhere } from './capture-facts.ts';
export type { VerdictView } from './verdict-view.ts';
export type { EvidenceView, FindingView, IncidentView, TechniqueView } from './finding-view.ts';
export type { BytesView } from './bytes-view.ts';
export type { ProcessBadge, ProcessesView, ProcessView } from './process-view.ts';
export type { AddressScope, GraphEdge, GraphPeer, GraphProcess, NetworkView, SocketView } from './network-view.ts';
export type { MemoriesView, MemoryMarker, MemoryView, SegmentKind, SegmentView } from './memory-view.ts';
export type { EventView, TimelineView } from './timeline-view.ts';
export type { FilesView, FileView } from './file-view.ts';
export type { EnvironmentsView, EnvironmentView, VariableView } from './environment-view.ts';
export type { CoverageView, GapView } from './coverage-view.ts';
export type { CustodyRecord, CustodyView, LedgerEntryView, SealedRecord } from './custody-view.ts';
export type { EvidenceText } from './text.ts';
