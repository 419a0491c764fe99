import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';

/**
 * One operation of a document with the fragments that it uses, those in the order of their names: how Apollo's tools
 * print an operation to make its id, so that nothing else in the document has a part in it.
 */
export function oneOperation(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  const used = new Set<string>();
  const fragments = document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
  const open: (OperationDefinitionNode | FragmentDefinitionNode)[] = [operation];
  for (let node = open.pop(); node; node = open.pop()) {
    visit(node, {
      FragmentSpread({ name: { value } }) {
        if (used.has(value)) return;
        used.add(value);
        open.push(...fragments.filter(({ name }) => name.value === value));
      },
    });
  }
  const kept = fragments
    .filter(({ name }) => used.has(name.value))
    .sort((a, b) => (a.name.value < b.name.value ? -1 : 1));
  return { kind: Kind.DOCUMENT, definitions: [operation, ...kept] };
}
