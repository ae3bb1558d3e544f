import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Who may use the console: whoever opened a link that was printed once. */
export interface Session {
  /** The token of the link that can be opened now. It works once; then another takes its place. */
  linkToken(): string;
  /** Takes a link's token and gives the cookie's value; undefined for a token that is none, or was used. */
  redeem(token: string): string | undefined;
  accepts(cookie: string | undefined): boolean;
}

/** A session with keys of its own, which end with the program. `onLink` is told of each token that takes the place of a used one. */
export function newSession(onLink: (token: string) => void = () => undefined): Session {
  const key = secret();
  let token = secret();
  return {
    linkToken: () => token,
    redeem(given) {
      if (!equal(given, token)) return undefined;
      token = secret();
      onLink(token);
      return key;
    },
    accepts: (cookie) => cookie !== undefined && equal(cookie, key),
  };
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares without telling by its time where the first difference is. */
function equal(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
