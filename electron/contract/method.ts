import type { z } from 'zod';

/**
 * Who may call: `open` anybody, `read` a signed-in person or support's command line, `write` a signed-in
 * person.
 */
export type Access = 'open' | 'read' | 'write';

export interface Method {
  access: Access;
  input: z.ZodType;
  output: z.ZodType;
}

export const query = <Input extends z.ZodType, Output extends z.ZodType>(input: Input, output: Output) =>
  ({ access: 'read', input, output }) as const;
export const openQuery = <Input extends z.ZodType, Output extends z.ZodType>(input: Input, output: Output) =>
  ({ access: 'open', input, output }) as const;
/** A command carries its own `opId`, made once per intent: sending it again can not double it. */
export const command = <Input extends z.ZodType, Output extends z.ZodType>(input: Input, output: Output) =>
  ({ access: 'write', input, output }) as const;
