// A GET whose 200 has an array `data` is a list, and pages like every other.
function members(schema) {
  if (!schema) return {};
  return Object.assign({}, ...(schema.allOf ?? []).map(members), schema.properties);
}

export default (operation) => {
  const answer = members(operation.responses?.['200']?.content?.['application/json']?.schema);
  if (answer.data?.type !== 'array') return [];
  const parameters = new Set((operation.parameters ?? []).map((parameter) => parameter.name));
  const lacking = ['limit', 'cursor'].filter((name) => !parameters.has(name)).map((name) => `parameter ${name}`);
  if (!answer.next_cursor) lacking.push('member next_cursor');
  return lacking.map((what) => ({ message: `a list without ${what}` }));
};
