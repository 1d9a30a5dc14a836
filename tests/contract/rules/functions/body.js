// A request's schema is closed, and nothing in it is of any size: each string has a maxLength, each array a maxItems.
const SIZED_FORMATS = new Set(['uuid', 'date', 'date-time', 'time', 'binary']);

const isSized = (schema) =>
  schema.maxLength !== undefined || schema.enum || schema.const !== undefined || SIZED_FORMATS.has(schema.format);

function faults(schema, at, seen) {
  if (schema === null || typeof schema !== 'object' || seen.has(schema)) return [];
  seen.add(schema);
  const types = [schema.type ?? []].flat();
  const found = [];
  if (types.includes('string') && !isSized(schema)) found.push(`string ${at} has no maxLength`);
  if (types.includes('array') && schema.maxItems === undefined) found.push(`array ${at} has no maxItems`);
  const isOpen = schema.additionalProperties !== false && schema.unevaluatedProperties !== false;
  if (types.includes('object') && schema.properties && isOpen) found.push(`object ${at} takes unknown members`);
  const parts = [
    ...Object.entries(schema.properties ?? {}).map(([name, child]) => [child, `${at}/${name}`]),
    ...['allOf', 'anyOf', 'oneOf', 'prefixItems'].flatMap((key) => (schema[key] ?? []).map((child) => [child, at])),
    [schema.items, `${at}/*`],
    [schema.additionalProperties, `${at}/*`],
  ];
  return found.concat(parts.flatMap(([child, where]) => faults(child, where, seen)));
}

export default (schema) => faults(schema, '#', new Set()).map((message) => ({ message }));
