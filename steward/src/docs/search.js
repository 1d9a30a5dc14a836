// Finds operations by their words: tag, method, path, operation id, summary, description, and names of parameters and
// members of the body. Swagger UI itself finds tags only.

const wordsOf = (phrase) => phrase.toLowerCase().split(/\s+/).filter(Boolean);
const isSearch = (filter) => typeof filter === "string" && wordsOf(filter).length > 0;

/** Whether each word of the phrase is in one of the texts. */
export function finds(phrase, texts) {
  const text = texts.join("\n").toLowerCase();
  return wordsOf(phrase).every((word) => text.includes(word));
}

/** The texts of an operation. `schemas` are those of the document. */
function textsOf(entry, tag, schemas) {
  const operation = entry.get("operation");
  const bodies = operation.getIn(["requestBody", "content"])?.toList() ?? [];
  const members = bodies.flatMap((body) => {
    const name = body.getIn(["schema", "$ref"], "").split("/").pop();
    return schemas?.getIn([name, "properties"])?.keySeq() ?? [];
  });
  const parameters = operation.get("parameters")?.map((parameter) => parameter.get("name")) ?? [];
  const own = ["operationId", "summary", "description"].map((key) => operation.get(key, ""));
  return [tag, entry.get("method"), entry.get("path"), ...own, ...parameters, ...members];
}

/** The operations that a phrase finds, by tag. */
export function filterOperations(tags, phrase, schemas) {
  const filter = (of, tag) =>
    of.update("operations", (entries) => entries.filter((entry) => finds(phrase, textsOf(entry, tag, schemas))));
  return tags.map(filter).filter((of) => of.get("operations").size > 0);
}

const isTag = (key) => key.first() === "operations-tag";

/** Tags are open during a search. What was open before it is open again afterwards. */
function setFilter(state, { payload }) {
  const [before, after] = [isSearch(state.get("filter")), isSearch(payload)];
  const shown = state.get("shown")?.filterNot((_, key) => isTag(key));
  const next = state.set("filter", payload);
  if (!shown || before === after) return next;
  if (after) return next.set("shownBefore", state.get("shown").filter((_, key) => isTag(key))).set("shown", shown);
  return next.set("shown", shown.merge(state.get("shownBefore") ?? {}));
}

/** The plugin for Swagger UI with the search field. */
export const searchPlugin = ({ React: { createElement }, getSystem }) => ({
  fn: {
    opsFilter: (tags, phrase) =>
      filterOperations(tags, phrase, getSystem().specSelectors.specJson().getIn(["components", "schemas"])),
  },
  components: {
    FilterContainer({ specSelectors, layoutSelectors, layoutActions }) {
      const filter = layoutSelectors.currentFilter();
      const all = specSelectors.operations().size;
      const found = specSelectors.taggedOperations().reduce((sum, of) => sum + of.get("operations").size, 0);
      return createElement(
        "search",
        { className: "wrapper" },
        createElement("input", {
          type: "search",
          placeholder: "Find operations: assign, mail template, post invitations",
          "aria-label": "Find operations",
          value: typeof filter === "string" ? filter : "",
          onChange: (event) => layoutActions.updateFilter(event.target.value),
        }),
        createElement("output", null, isSearch(filter) ? `${found} of ${all} operations` : `${all} operations`),
      );
    },
  },
  wrapComponents: {
    // Swagger UI takes a search without results for an empty document.
    operations: (Original) => (props) =>
      props.specSelectors.taggedOperations().size > 0 ? createElement(Original, props) : null,
  },
  statePlugins: {
    layout: {
      reducers: { layout_update_filter: setFilter },
      wrapSelectors: {
        isShown: (original) => (state, key, byDefault) =>
          original(key, byDefault || (key[0] === "operations-tag" && isSearch(state.get("filter")))),
      },
    },
  },
});
