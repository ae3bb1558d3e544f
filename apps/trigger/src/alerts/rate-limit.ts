/** Most senders that are told apart; the one that was quiet longest is forgotten first. */
const maxSenders = 10_000;

/** Lets `perSecond` requests of a sender through, and `burst` of them at once. */
export function rateLimit(perSecond: number, burst: number, now: () => number): (sender: string) => boolean {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (sender) => {
    const at = now();
    const { tokens, at: before } = buckets.get(sender) ?? { tokens: burst, at };
    const filled = Math.min(burst, tokens + ((at - before) / 1000) * perSecond);
    buckets.delete(sender);
    buckets.set(sender, { tokens: filled >= 1 ? filled - 1 : filled, at });
    for (const quiet of buckets.keys()) {
      if (buckets.size <= maxSenders) break;
      buckets.delete(quiet);
    }
    return filled >= 1;
  };
}
