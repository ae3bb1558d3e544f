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
} from './definition.ts';
