// operationIds are unique; path and query parameters and enum values are in snake_case (a sort key may start with a minus).
const SNAKE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const ENUM = /^-?[a-z0-9]+([_.][a-z0-9]+)*$/;
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

function enums(node, path, found, seen = new Set()) {
  if (node === null || typeof node !== 'object' || seen.has(node)) return;
  seen.add(node);
  if (Array.isArray(node.enum) && !path.includes('example') && !path.includes('examples'))
    for (const value of node.enum)
      if (typeof value === 'string' && !ENUM.test(value))
        found.push({ message: `enum value '${value}' is not in snake_case`, path: [...path, 'enum'] });
  for (const [key, child] of Object.entries(node)) enums(child, [...path, key], found, seen);
}

export default (document) => {
  const found = [];
  const owners = new Map();
  for (const [path, item] of Object.entries(document.paths ?? {}))
    for (const method of METHODS) {
      const operation = item[method];
      if (!operation) continue;
      const at = ['paths', path, method];
      const id = operation.operationId;
      if (owners.has(id)) found.push({ message: `${id} is also the operationId of ${owners.get(id)}`, path: at });
      owners.set(id, `${method.toUpperCase()} ${path}`);
      for (const parameter of [...(item.parameters ?? []), ...(operation.parameters ?? [])])
        if (['path', 'query'].includes(parameter.in) && !SNAKE.test(parameter.name))
          found.push({ message: `parameter '${parameter.name}' is not in snake_case`, path: at });
    }
  enums(document.components?.schemas ?? {}, ['components', 'schemas'], found);
  return found;
};
