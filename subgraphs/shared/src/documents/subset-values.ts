/** A plain object: not an array, Date or class instance. GraphQL's arguments have no prototype. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The error for what other MongoDB servers may know but the port leaves out. */
export function unsupported(what: string, name: string): Error {
  return new Error(`documents: the ${what} ${name} is outside the supported subset (see documents/port.ts)`);
}

/** Throws unless every segment of a dotted path can be a field's name or an array position. */
export function checkPath(path: string): void {
  for (const segment of path.split('.')) {
    if (segment === '' || segment === '__proto__')
      throw new Error(`documents: "${path}" is not a field path`);
    // `lines.$.quantity` and `lines.$[].quantity` are positional operators, which are left out.
    if (segment.startsWith('$')) throw unsupported('path', path);
  }
}

/** Throws unless this can be stored: JSON values and Dates, with keys that are field names. */
export function checkValue(value: unknown): void {
  const type = typeof value;
  if (type === 'string' || type === 'boolean' || value === undefined || value === null) return;
  if (type === 'number') {
    if (!Number.isFinite(value)) throw new Error(`documents: the number ${value} cannot be stored`);
  } else if (Array.isArray(value)) value.forEach(checkElementValue);
  else if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new Error('documents: an invalid Date cannot be stored');
  } else if (isPlainObject(value)) checkFields(value);
  else throw new Error(`documents: ${Object.prototype.toString.call(value)} cannot be stored`);
}

function checkFields(value: Record<string, unknown>): void {
  for (const key in value) {
    if (key === '' || key === '__proto__' || key.startsWith('$') || key.includes('.')) {
      throw new Error(`documents: the field name "${key}" is empty, reserved, begins with $ or has a dot`);
    }
    checkValue(value[key]);
  }
}

function checkElementValue(value: unknown): void {
  if (value === undefined) throw new Error('documents: an array cannot hold undefined');
  checkValue(value);
}

/** Throws unless the document can be stored; ids are strings. */
export function checkDocument(document: unknown): void {
  if (!isPlainObject(document)) throw new Error('documents: a document is an object');
  if (typeof document._id !== 'string') throw new Error('documents: a document needs a string _id');
  checkValue(document);
}
