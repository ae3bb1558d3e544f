import { type Judgement, rule } from '../rule.ts';

function jsonOf(part: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Claims of a token that its signature does not hide: who issued it, for whom, until when. */
export function judgeJwt(token: string): Judgement | undefined {
  const [header, payload] = token.split('.');
  const head = jsonOf(header);
  const claims = jsonOf(payload);
  if (head === undefined || typeof head['alg'] !== 'string') return undefined;
  if (claims === undefined) return { validity: 'invalid', check: 'the payload is no JSON' };
  const { iss, sub, exp } = claims;
  const principal = [typeof iss === 'string' ? `issuer ${iss.slice(0, 200)}` : '', typeof sub === 'string' ? `subject ${sub.slice(0, 200)}` : ''].filter((part) => part !== '').join(', ');
  const example = sub === '1234567890' && claims['name'] === 'John Doe';
  return {
    validity: example ? 'example' : 'valid',
    check: example ? 'the token of the JWT documentation' : `header and claims decode, ${head['alg']}`,
    ...(principal === '' ? {} : { principal }),
    ...(typeof exp === 'number' && exp > 0 && exp < 8.64e12 ? { expiresAt: new Date(exp * 1000) } : {}),
  };
}

const form = /(?:eyJ|ewog|ewoid)[\w-]{12,2000}\.(?:eyJ|ewo)[\w-]{12,5000}\.[\w-]{12,1400}/y;
const isServiceAccount = (judgement: Judgement | undefined, token: string): boolean =>
  judgement?.principal?.includes('subject system:serviceaccount:') === true || /kubernetes\.io/.test(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('latin1'));

export const jwtRules = [
  rule({
    id: 'kubernetes_service_account_token',
    type: 'Kubernetes service account token',
    anchors: ['eyJ', 'ewog', 'ewoid'],
    expression: form,
    maxLength: 8000,
    judge: (token) => {
      const judgement = judgeJwt(token);
      return isServiceAccount(judgement, token) ? judgement : undefined;
    },
  }),
  rule({
    id: 'json_web_token',
    type: 'JSON web token',
    anchors: ['eyJ', 'ewog', 'ewoid'],
    expression: form,
    maxLength: 8000,
    judge: (token) => {
      const judgement = judgeJwt(token);
      return isServiceAccount(judgement, token) ? undefined : judgement;
    },
  }),
];
