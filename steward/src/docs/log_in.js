// The form in the Authorize dialog that logs in by e-mail and password.

/** The security scheme of the document that takes the access token. */
export const SCHEME = "bearer_auth";
const NO_ANSWER = "The server did not answer. Check your connection, then try again.";

/** The plugin for Swagger UI that adds the form, and connects Swagger UI's own buttons with the session. */
export const logInPlugin = (session) => ({ React }) => {
  const { createElement: h, useEffect, useRef, useState } = React;

  const field = (label, attributes) => h("label", null, label, h("input", { required: true, ...attributes }));

  function LogInForm({ close }) {
    const [fault, setFault] = useState("");
    const [needsCode, setNeedsCode] = useState(false);
    const [isBusy, setBusy] = useState(false);
    const [email, code] = [useRef(null), useRef(null)];
    useEffect(() => (needsCode ? code : email).current.focus(), [needsCode]);

    async function submit(event) {
      event.preventDefault();
      const sent = Object.fromEntries(new FormData(event.target));
      setBusy(true);
      try {
        const problem = await session.logIn(sent.email.trim(), sent.password, sent.code?.trim());
        if (!problem) return close();
        if (problem.code === "two_factor_required") setNeedsCode(true);
        setFault(problem.detail ?? NO_ANSWER);
      } catch {
        setFault(NO_ANSWER);
      }
      setBusy(false);
      return undefined;
    }

    return h(
      "form",
      { className: "log-in", onSubmit: submit },
      h("h4", null, "Log in"),
      field("E-mail", { ref: email, name: "email", type: "email", autoComplete: "username" }),
      field("Password", { name: "password", type: "password", autoComplete: "current-password" }),
      needsCode &&
        field("Code of your device, or a recovery code", { ref: code, name: "code", autoComplete: "one-time-code" }),
      h("p", { className: "fault", role: "alert" }, fault || session.notice),
      h("button", { className: "btn authorize", disabled: isBusy }, "Log in"),
    );
  }

  /** Swagger UI's own field for a token follows the form, folded. */
  const withForm = (Original) => (props) =>
    props.authSelectors.authorized().has(SCHEME)
      ? h(Original, props)
      : h(
          "div",
          null,
          h(LogInForm, { close: () => props.authActions.showDefinitions(false) }),
          h("details", { className: "paste" }, h("summary", null, "Or paste an access token"), h(Original, props)),
        );

  return {
    wrapComponents: { auths: withForm },
    statePlugins: {
      auth: {
        wrapActions: {
          authorize: (original) => (values) => {
            const token = values[SCHEME]?.value?.replace(/^Bearer\s+/i, "").trim();
            if (token && token !== session.accessToken) return session.use(token);
            return token ? original(values) : undefined;
          },
          logout: (original) => (names) => {
            original(names);
            if (session.accessToken) session.logOut();
          },
        },
      },
    },
  };
};
