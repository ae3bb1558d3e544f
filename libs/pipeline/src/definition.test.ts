import { createRequire } from 'node:module';
import { checkDefinition, readDefinition } from '@icecore/states';
import { pipelineDefinition, stepLimits, stepNames } from './index.ts';

/** An independent reader of the language; it comes without types. */
const aslValidator: (definition: unknown) => { isValid: boolean; errorsText: (separator: string) => string } = createRequire(import.meta.url)('asl-validator');

const arns = (): Parameters<typeof pipelineDefinition>[0] => {
  const arn = (step: string): string => `arn:aws:lambda:eu-central-1:111122223333:function:icecore-${step}`;
  return { verify: arn('verify'), inventory: arn('inventory'), decode: arn('decode'), scan: arn('scan'), detect: arn('detect'), tables: arn('tables'), publish: arn('publish'), quarantine: arn('quarantine') };
};

describe('the definition', () => {
  it('is one that AWS takes', () => {
    const { isValid, errorsText } = aslValidator(pipelineDefinition(arns()));
    expect([isValid, errorsText('\n')]).toEqual([true, '']);
  });

  it('is one of which libs/states passes over nothing', () => {
    expect(() => checkDefinition(readDefinition(pipelineDefinition(arns())))).not.toThrow();
  });

  it('calls every step by its resource, and nothing else', () => {
    const resources = JSON.stringify(pipelineDefinition(arns())).match(/arn:aws:lambda:[^"]+/g);
    expect([...(resources ?? [])].sort()).toEqual(Object.values(arns()).sort());
  });

  it.each(stepNames)('gives the state of %s more time than its function, and ends it after a silence that no living function keeps', (step) => {
    const { functionSeconds, heartbeatSeconds, stateSeconds } = stepLimits[step];
    expect(functionSeconds).toBeLessThanOrEqual(900);
    expect(functionSeconds).toBeLessThan(heartbeatSeconds);
    expect(heartbeatSeconds).toBeLessThan(stateSeconds);
  });
});
