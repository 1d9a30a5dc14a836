//! Small files, no left-overs, no banned words, and migrations in pairs.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::outcome::Outcome;
use crate::workspace::Workspace;
use crate::{deployment, language, report};

const LONGEST: usize = 600;
const LONG: usize = 350;
const MEDIAN: usize = 150;
/// Not searched: build output, data, and names that begin with a dot.
const SKIPPED: [&str; 3] = ["target", "node_modules", "steward-data"];
/// Split, so that this file does not contain them.
const LEFT_OVER: [(&str, &str); 6] = [
    (concat!("#[", "allow("), "write #[expect(lint, reason = \"..\")]"),
    (concat!("#![", "allow("), "write #![expect(lint, reason = \"..\")]"),
    (concat!("to", "do!("), "finish it"),
    (concat!("unimple", "mented!("), "finish it"),
    (concat!("// TO", "DO"), "do it or write an issue"),
    (concat!("// FIX", "ME"), "do it or write an issue"),
];

/// Fails with all faults.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let mut sources = Vec::new();
    collect(&workspace.root, &mut sources)?;
    let mut faults = Vec::new();
    let mut sizes = Vec::new();
    for path in &sources {
        let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let name = workspace.name(path);
        faults.extend(left_over(&name, &text));
        if !name.starts_with("tests/") && !name.starts_with("benches/") {
            sizes.push((text.lines().count(), name));
        }
    }
    faults.extend(size_faults(&mut sizes));
    faults.extend(migration_faults(&workspace.root.join("migrations")));
    faults.extend(deployment::faults(&workspace.root));
    faults.extend(language::faults(&workspace.root)?);
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

fn collect(folder: &Path, sources: &mut Vec<PathBuf>) -> Outcome {
    let fault = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(fault)? {
        let entry = entry.map_err(fault)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_folder = entry.file_type().map_err(fault)?.is_dir();
        if is_folder && !name.starts_with('.') && !SKIPPED.contains(&name.as_str()) {
            collect(&entry.path(), sources)?;
        } else if !is_folder && name.ends_with(".rs") {
            sources.push(entry.path());
        }
    }
    Ok(())
}

fn left_over(name: &str, text: &str) -> Vec<String> {
    let lines = text.lines().enumerate();
    let found = lines.flat_map(|(number, line)| {
        let present = LEFT_OVER.iter().filter(move |(word, _)| line.contains(word));
        present.map(move |(word, advice)| format!("{name}:{}: {word} - {advice}", number + 1))
    });
    found.collect()
}

fn size_faults(sizes: &mut [(usize, String)]) -> Vec<String> {
    sizes.sort();
    let too_long = sizes.iter().filter(|(lines, _)| *lines > LONGEST);
    let mut faults: Vec<String> =
        too_long.map(|(lines, name)| format!("{name}: {lines} lines, more than {LONGEST}")).collect();
    let long: Vec<&str> =
        sizes.iter().filter(|(lines, _)| *lines > LONG).map(|(_, name)| name.as_str()).collect();
    if long.len() * 10 > sizes.len() {
        faults.push(format!("more than one file in ten is above {LONG} lines: {}", long.join(", ")));
    }
    if let Some((median, _)) = sizes.get(sizes.len() / 2) {
        if *median > MEDIAN {
            faults.push(format!("the median file has {median} lines, more than {MEDIAN}"));
        }
        report::say(&format!("{} files, median {median} lines, {} above {LONG}", sizes.len(), long.len()));
    }
    faults
}

/// The same folders for both databases, each with `up.sql` and `down.sql`.
fn migration_faults(folder: &Path) -> Vec<String> {
    let databases = ["sqlite", "postgres"];
    let names: BTreeSet<String> =
        databases.iter().flat_map(|database| folders(&folder.join(database))).collect();
    let files = names.iter().flat_map(|name| {
        databases
            .iter()
            .flat_map(move |database| ["up.sql", "down.sql"].map(|file| format!("{database}/{name}/{file}")))
    });
    files
        .filter(|file| !folder.join(file).is_file())
        .map(|file| format!("migrations/{file} is missing"))
        .collect()
}

fn folders(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{left_over, size_faults};

    #[test]
    fn left_overs_are_found() {
        let text = format!("fn f() {{}}\n    {}dead_code)]\n", concat!("#[", "allow("));
        assert_eq!(left_over("a.rs", &text).len(), 1);
        assert!(left_over("a.rs", "#[expect(dead_code, reason = \"..\")]").is_empty());
    }

    #[test]
    fn sizes_are_bounded() {
        let sized = |sizes: &[usize]| {
            let mut files: Vec<_> = sizes.iter().map(|lines| (*lines, "a.rs".to_owned())).collect();
            size_faults(&mut files).len()
        };
        assert_eq!(sized(&[100; 20]), 0);
        assert_eq!(sized(&[151; 20]), 1, "median");
        assert_eq!(sized(&[[100; 9].as_slice(), &[351]].concat()), 0);
        assert_eq!(sized(&[[100; 8].as_slice(), &[351]].concat()), 1, "one in ten");
        assert_eq!(sized(&[[100; 19].as_slice(), &[601]].concat()), 1, "longest");
    }
}
