/// What a step can say when it fails: text for a person.
pub(crate) type Outcome<T = ()> = Result<T, String>;
