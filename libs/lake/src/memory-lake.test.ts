import { memoryLake, storeContract } from './index.ts';

describe('a lake in memory', () => {
  it.each(storeContract)('$title', async ({ check }) => {
    await expect(check(memoryLake())).resolves.toBeUndefined();
  });
});
