import type { Sql } from './database.ts';
import { rowsOf } from './database.ts';
import { countStrays } from './repos/strays.ts';
import { countWebhooks } from './repos/webhooks.ts';
import { readHead } from './repos/feed-head.ts';

/** Counts of this process since its start. Names and codes only: nothing of a person, a till or a secret. */
export interface Counters {
  add(name: CounterName, count?: number): void;
  refuse(code: string): void;
  lines(): string[];
}

const HELP = {
  pushes: 'Pushes of tills that were taken.',
  ops: 'Operations in pushes that were taken, repeats included.',
  requests: 'Requests that were answered.',
  webhookCalls: 'Pages of events that a receiver has taken, empty ones included.',
  messagesSent: 'Messages to members that a gateway has taken.',
  webhookFailures: 'Calls of a receiver that came to nothing.',
} as const;
export type CounterName = keyof typeof HELP;

const metricOf = (name: CounterName): string => name.replace(/[A-Z]/g, (sign) => `_${sign.toLowerCase()}`);
const line = (name: string, value: number, labels = ''): string => `counterfoil_${name}${labels} ${value}`;
const head = (name: string, type: 'counter' | 'gauge', help: string): string[] => [
  `# HELP counterfoil_${name} ${help}`,
  `# TYPE counterfoil_${name} ${type}`,
];

export function createCounters(): Counters {
  const counts: Record<CounterName, number> = {
    pushes: 0,
    ops: 0,
    requests: 0,
    webhookCalls: 0,
    webhookFailures: 0,
    messagesSent: 0,
  };
  const refusals = new Map<string, number>();
  return {
    add: (name, count = 1) => void (counts[name] += count),
    refuse: (code) => void refusals.set(code, (refusals.get(code) ?? 0) + 1),
    lines: () => [
      ...(Object.keys(HELP) as CounterName[]).flatMap((name) => [
        ...head(`${metricOf(name)}_total`, 'counter', HELP[name]),
        line(`${metricOf(name)}_total`, counts[name]),
      ]),
      ...head('refusals_total', 'counter', 'Requests that were refused, by code.'),
      ...[...refusals].map(([code, count]) => line('refusals_total', count, `{code="${code}"}`)),
    ],
  };
}

/** All figures in Prometheus' text form. */
export async function writeMetrics(
  sql: Sql,
  { counters, waitingOps }: { counters: Counters; waitingOps: number },
): Promise<string> {
  const { seq } = await readHead(sql);
  const text = `select state, count(*)::bigint as count from tills where sign_key <> '' group by state order by state`;
  const tills = await rowsOf<{ state: string; count: number }>(sql, text);
  const webhooks = await countWebhooks(sql);
  const lines = [
    ...counters.lines(),
    ...head('queue_ops', 'gauge', 'Operations that wait to be written.'),
    line('queue_ops', waitingOps),
    ...head('feed_head', 'gauge', 'The feed’s latest number.'),
    line('feed_head', seq),
    ...head('tills', 'gauge', 'Tills by state.'),
    ...tills.map(({ state, count }) => line('tills', count, `{state="${state}"}`)),
    ...head('stray_ops', 'gauge', 'Operations that wait beside the feed for a manager.'),
    line('stray_ops', await countStrays(sql)),
    ...head('webhooks', 'gauge', 'Webhooks by state; a failing one is live, a dead one needs a person.'),
    ...Object.entries(webhooks).map(([state, count]) => line('webhooks', count, `{state="${state}"}`)),
  ];
  return `${lines.join('\n')}\n`;
}
