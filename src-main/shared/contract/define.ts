import type { z } from 'zod';

/** One callable of a service: `query` reads, `command` writes and names what changed, `task` may report progress. */
export interface Method<In extends z.ZodType = z.ZodType, Out extends z.ZodType = z.ZodType> {
  kind: 'query' | 'command';
  input: In;
  output: Out;
}

export function query<In extends z.ZodType, Out extends z.ZodType>(input: In, output: Out): Method<In, Out> {
  return { kind: 'query', input, output };
}

export function command<In extends z.ZodType, Out extends z.ZodType>(input: In, output: Out): Method<In, Out> {
  return { kind: 'command', input, output };
}

export type Service = Record<string, Method>;
export type Services = Record<string, Service>;

/** What the engine implements: every handler gets the parsed input and an abort signal. */
export type Handlers<S extends Services> = {
  [Name in keyof S]: {
    [Call in keyof S[Name]]: (
      input: z.output<S[Name][Call]['input']>,
      context: CallContext,
    ) => Promise<z.output<S[Name][Call]['output']>> | z.output<S[Name][Call]['output']>;
  };
};

/** What the page holds: the same methods, plus an optional signal that cancels the call. */
export type Client<S extends Services> = {
  [Name in keyof S]: {
    [Call in keyof S[Name]]: (
      input: z.input<S[Name][Call]['input']>,
      options?: { signal?: AbortSignal },
    ) => Promise<z.output<S[Name][Call]['output']>>;
  };
};

export interface CallContext {
  signal: AbortSignal;
}
