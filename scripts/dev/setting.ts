import type { Logger } from '@shop/shared/process/log';
import type { WholeShopConfig } from '../start/config.ts';
import { portOf } from '../start/open-subgraphs.ts';

/** What a graph to develop with is made of. */
export interface DevSetting {
  root: string;
  real: readonly string[];
  mocked: readonly string[];
  config: WholeShopConfig;
  apiSecret: string;
  /** By which the subgraphs know the router. */
  routerSecret: string;
  /** What the real subgraphs get, besides what is theirs here. */
  environment: NodeJS.ProcessEnv;
  log: Logger;
  print(line: string): void;
}

/** Where a subgraph listens, real or mocked: where `npm start` has it. */
export function originOf(name: string, { config }: Pick<DevSetting, 'config'>): string {
  return `http://${config.HOST}:${portOf(name, config)}`;
}
