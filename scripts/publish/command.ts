/** What was asked for of a store. */
export type Command = { readonly store: string } & (
  | ({ readonly kind: 'publish'; readonly what: What; readonly isNewStore: boolean } & Writing)
  | ({ readonly kind: 'rollback'; readonly id: string; readonly forcedBecause: string | null } & Writing)
  | ({ readonly kind: 'remove'; readonly name: string } & Writing)
  | {
      readonly kind: 'history';
      readonly from: string | null;
      readonly limit: number;
      readonly isJson: boolean;
    }
  | { readonly kind: 'show'; readonly id: string | null; readonly isJson: boolean }
  | { readonly kind: 'repair'; readonly id: string | null }
);

/** One subgraph, or all of supergraph.yaml. */
export type What =
  | {
      readonly kind: 'one';
      readonly name: string;
      readonly schemaFile: string;
      readonly routingUrl: string | null;
    }
  | { readonly kind: 'all' };

/** What publish, rollback and remove have in common. */
export interface Writing {
  /** null: whoever runs this. */
  readonly by: string | null;
  readonly retries: number;
  readonly isDryRun: boolean;
}

/** It cannot be told: what is wrong, and how to ask. */
export interface Misuse {
  readonly kind: 'misuse';
  readonly text: string;
}
