import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** The size of an operation with its fragments written out wherever they are spread. */
export interface OperationShape {
  /** Selection sets within one another, that of the operation included. */
  readonly depth: number;
  readonly fields: number;
  /** By the names that they have in the answer. */
  readonly rootFields: number;
}

type Size = Pick<OperationShape, 'depth' | 'fields'>;

/** Measures an operation of a valid document: each fragment once, however often it is spread. */
export function measureOperation(document: DocumentNode, operation: OperationDefinitionNode): OperationShape {
  const fragments = fragmentsOf(document);
  const measured = new Map<string, Size>();

  function measureFragment(name: string): Size {
    const size = measured.get(name) ?? measure(fragments.get(name)?.selectionSet);
    measured.set(name, size);
    return size;
  }

  function measure(set: SelectionSetNode | undefined): Size {
    let within = 0;
    let fields = 0;
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) fields += 1;
      const isSpread = selection.kind === Kind.FRAGMENT_SPREAD;
      const size = isSpread ? measureFragment(selection.name.value) : measure(selection.selectionSet);
      // A spread brings the fragment's own selection set along.
      within = Math.max(within, size.depth);
      fields += size.fields;
    }
    return { depth: set ? within + 1 : 0, fields };
  }

  const rootFields = new Set<string>();
  collectNames(operation.selectionSet, fragments, rootFields, new Set());
  return { ...measure(operation.selectionSet), rootFields: rootFields.size };
}

export function fragmentsOf({ definitions }: DocumentNode): Map<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const each of definitions) {
    if (each.kind === Kind.FRAGMENT_DEFINITION) fragments.set(each.name.value, each);
  }
  return fragments;
}

function collectNames(
  set: SelectionSetNode | undefined,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  names: Set<string>,
  spread: Set<string>,
): void {
  for (const selection of set?.selections ?? []) {
    if (selection.kind === Kind.FIELD) {
      names.add((selection.alias ?? selection.name).value);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      collectNames(selection.selectionSet, fragments, names, spread);
    } else if (!spread.has(selection.name.value)) {
      spread.add(selection.name.value);
      collectNames(fragments.get(selection.name.value)?.selectionSet, fragments, names, spread);
    }
  }
}
