import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What goes wrong with a request. */
export type Fault =
  /** Answered so, and nothing is done. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: string; readonly contentType?: string }
  /** Never answered, and nothing is done. */
  | { readonly kind: 'hang' }
  /** Done, later. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** The connection is cut, and nothing is done. */
  | { readonly kind: 'cut' }
  /** Done, and the connection is cut before the answer. */
  | { readonly kind: 'lost' };

interface Planned {
  readonly when: RegExp;
  left: number;
  readonly fault: Fault;
}

/** Faults of a stand-in, in the order in which they were planned. */
export interface FaultPlan {
  /** The next `times` requests whose `METHOD PATH` fits. */
  plan(when: RegExp, fault: Fault, times?: number): void;
  clear(): void;
  /** How many requests were met by a fault so far. */
  readonly met: number;
  take(request: IncomingMessage): Fault | undefined;
}

export function faultPlan(): FaultPlan {
  let planned: Planned[] = [];
  let met = 0;
  return {
    get met() {
      return met;
    },
    plan: (when, fault, times = 1) => void planned.push({ when, fault, left: times }),
    clear: () => void (planned = []),
    take(request) {
      const line = `${request.method} ${request.url}`;
      const found = planned.find(({ when, left }) => left > 0 && when.test(line));
      if (found === undefined) return undefined;
      found.left -= 1;
      met += 1;
      return found.fault;
    },
  };
}

/** Lets a fault happen around the work of a request. */
export async function withFault(fault: Fault | undefined, request: IncomingMessage, response: ServerResponse, work: () => Promise<void> | void): Promise<void> {
  switch (fault?.kind) {
    case undefined:
      return work();
    case 'hang':
      return;
    case 'cut':
      return void request.socket.destroy();
    case 'answer':
      return void response.writeHead(fault.status, { 'content-type': fault.contentType ?? 'text/plain; charset=utf-8' }).end(fault.body);
    case 'slow':
      await sleep(fault.ms);
      return work();
    case 'lost': {
      const { socket } = request;
      // What is written is never sent: the socket is gone first.
      response.writeHead = () => response;
      response.end = () => (socket.destroy(), response);
      await work();
      return void socket.destroy();
    }
  }
}
