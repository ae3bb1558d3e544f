export {
  environmentNames,
  errorNames,
  executionSeconds,
  pipelineDefinition,
  rangesPerChild,
  scanConcurrency,
  type StepLimits,
  stepLimits,
  type StepName,
  stepNames,
  toleratedFailurePercentage,
  verifySliceBytes,
} from './definition.ts';
export { type BlockRange, type EvidenceReference, executionInput, type ExecutionInput, inventoryOutput, publishOutput, type PublishOutput, verifyOutput } from './input.ts';
export type { EvidencePort, Notice, OpenCapture, PipelinePorts, ScanHere, ScannedRange, Scanner, StepCall } from './ports.ts';
export { evidencePort, type EvidenceOptions, sharedEvidence } from './open-capture.ts';
export { lateGaps, threadScanner } from './scanners.ts';
export { badInput, StepFailure, stepFailureOf } from './errors.ts';
export { runStep } from './run-step.ts';
export { judge, type Judgement } from './judge.ts';
export { rangesOf } from './ranges.ts';
export { executionName } from './execution-name.ts';
export { workingItems } from './working.ts';
export { type Outcome, readOutcome } from './outcome.ts';
export { type EmbeddedOptions, type EmbeddedResult, runEmbedded } from './embedded.ts';
export type { WrittenPart } from './write-parts.ts';
