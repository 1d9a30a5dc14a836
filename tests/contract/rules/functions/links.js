// A link names an operation, and the operation is there.
export default (document) => {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, operation]) => operation?.responses)
      .map(([method, operation]) => ({ path: ['paths', path, method], operation })),
  );
  const known = new Set(operations.map(({ operation }) => operation.operationId));
  return operations.flatMap(({ path, operation }) =>
    Object.entries(operation.responses).flatMap(([status, response]) =>
      Object.entries(response.links ?? {})
        .filter(([, link]) => !link.operationRef && !known.has(link.operationId))
        .map(([name, link]) => ({
          message: `link ${name} leads to ${link.operationId}, which is no operation`,
          path: [...path, 'responses', status, 'links', name],
        })),
    ),
  );
};
