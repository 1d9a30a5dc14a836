// One `org_id` for the whole page: filled in for one operation, it is filled in for all others.

const STORED = "steward-docs-org-id";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export class Organization {
  #storage;
  #listeners = new Set();

  constructor(storage) {
    this.#storage = storage;
  }

  /** The id; null if none was chosen. */
  get id() {
    return this.#storage.getItem(STORED);
  }

  /** Remembers an id. Anything but a whole id is ignored: it is still being typed. */
  choose(id) {
    if (typeof id !== "string" || !UUID.test(id) || id === this.id) return;
    this.#storage.setItem(STORED, id);
    for (const listener of this.#listeners) listener();
  }

  /** Chooses the first of these organizations, unless one of them is chosen. */
  chooseAmong(ids) {
    if (ids.length > 0 && !ids.includes(this.id)) this.choose(ids[0]);
  }

  /** Calls `listener` after each change. */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

const isOrgId = (parameter) => parameter.get("in") === "path" && parameter.get("name") === "org_id";

/** The plugin for Swagger UI that fills in `org_id`, and remembers what is typed there. */
export const organizationPlugin = (organization) => ({ React }) => ({
  wrapComponents: {
    parameterRow: (Original) =>
      function ParameterRow(props) {
        const { rawParam, onChange } = props;
        React.useEffect(() => {
          if (!isOrgId(rawParam)) return undefined;
          const fill = () => organization.id && onChange(rawParam, organization.id, false);
          fill();
          return organization.subscribe(fill);
        }, []);
        return React.createElement(Original, props);
      },
  },
  statePlugins: {
    spec: {
      wrapActions: {
        changeParamByIdentity: (original) => (pathMethod, parameter, value, isXml) => {
          if (isOrgId(parameter)) organization.choose(value);
          return original(pathMethod, parameter, value, isXml);
        },
      },
    },
  },
});
