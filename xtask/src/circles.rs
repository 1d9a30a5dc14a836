//! Circles of files: of two files that need each other, neither can be read first.
//!
//! A file needs another if its code names a path into it. Handing out a name with `pub use` needs nothing, and whoever
//! imports the name needs the file that defines it. Tests may name what they like.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use syn::visit::Visit;

use crate::outcome::Outcome;

/// The path of a module inside its crate; empty for the root.
type Module = Vec<String>;

/// How often a name may be handed on before it is taken for one that names itself.
const HANDED_ON: usize = 8;

/// A file of a crate, as far as it matters for circles.
struct File {
    path: PathBuf,
    /// What its code names, from the module in which it stands.
    named: Vec<(Module, Vec<String>)>,
    /// Names that it hands out with `pub use`, and what they stand for.
    handed_out: BTreeMap<String, Vec<String>>,
}

/// The circles among the files of a source folder, each as the needs that make it one: who needs whom, and for what.
pub(crate) fn circles(source: &Path) -> Result<Vec<Vec<String>>, String> {
    let mut files = BTreeMap::new();
    read_folder(source, &Module::new(), &mut files)?;
    let mut graph = DiGraph::<&Module, &str>::new();
    let nodes: BTreeMap<&Module, _> = files.keys().map(|module| (module, graph.add_node(module))).collect();
    for (module, file) in &files {
        for (place, path) in &file.named {
            let needed = defining_file(&files, place, path, 0).filter(|needed| *needed != module);
            if let (Some(from), Some(to)) = (nodes.get(module), needed.and_then(|needed| nodes.get(needed))) {
                graph.update_edge(*from, *to, path.last().map_or("", String::as_str));
            }
        }
    }
    let name = |module: &Module| {
        let path = files.get(module).map(|file| file.path.strip_prefix(source).unwrap_or(&file.path));
        path.map(|path| path.display().to_string()).unwrap_or_default()
    };
    let circles = tarjan_scc(&graph).into_iter().filter(|circle| circle.len() > 1);
    let needs = |circle: Vec<NodeIndex>| {
        let inside = graph
            .edge_references()
            .filter(|need| circle.contains(&need.source()) && circle.contains(&need.target()));
        let needs = inside.filter_map(|need| {
            let (from, to) = (graph.node_weight(need.source())?, graph.node_weight(need.target())?);
            Some(format!("{} needs {} ({})", name(from), name(to), need.weight()))
        });
        needs.collect()
    };
    Ok(circles.map(needs).collect())
}

fn read_folder(folder: &Path, module: &Module, files: &mut BTreeMap<Module, File>) -> Outcome {
    let unreadable = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let below = || module.iter().cloned().chain([name.clone()]).collect::<Module>();
        if path.is_dir() {
            read_folder(&path, &below(), files)?;
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            let is_folders = matches!(name.as_str(), "mod" | "lib" | "main");
            let module = if is_folders { module.clone() } else { below() };
            files.insert(module.clone(), read_file(path, module)?);
        }
    }
    Ok(())
}

fn read_file(path: PathBuf, module: Module) -> Outcome<File> {
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let parsed = syn::parse_file(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut reader = Reader { place: module, named: Vec::new(), handed_out: BTreeMap::new() };
    reader.visit_file(&parsed);
    Ok(File { path, named: reader.named, handed_out: reader.handed_out })
}

/// Collects what a file names.
struct Reader {
    /// The module that is read: that of the file, or one that stands in it.
    place: Module,
    named: Vec<(Module, Vec<String>)>,
    handed_out: BTreeMap<String, Vec<String>>,
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        let is_test = module.attrs.iter().any(|attribute| attribute.path().is_ident("cfg"));
        if is_test || module.content.is_none() {
            return;
        }
        self.place.push(module.ident.to_string());
        syn::visit::visit_item_mod(self, module);
        self.place.pop();
    }

    /// `pub(super)` needs nothing of the module that it names.
    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let mut paths = Vec::new();
        flatten(&item.tree, &mut Vec::new(), &mut paths);
        for (name, path) in paths {
            match item.vis {
                syn::Visibility::Inherited => self.named.push((self.place.clone(), path)),
                _ => drop(self.handed_out.insert(name, path)),
            }
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.named.push((self.place.clone(), segments));
        syn::visit::visit_path(self, path);
    }
}

/// Each name that a `use` brings, with its whole path.
fn flatten(tree: &syn::UseTree, before: &mut Vec<String>, paths: &mut Vec<(String, Vec<String>)>) {
    let whole = |last: String| before.iter().cloned().chain([last]).collect::<Vec<_>>();
    match tree {
        syn::UseTree::Path(part) => {
            before.push(part.ident.to_string());
            flatten(&part.tree, before, paths);
            before.pop();
        }
        syn::UseTree::Name(name) if name.ident == "self" => {
            paths.push((before.last().cloned().unwrap_or_default(), before.clone()));
        }
        syn::UseTree::Name(name) => paths.push((name.ident.to_string(), whole(name.ident.to_string()))),
        syn::UseTree::Rename(name) => paths.push((name.rename.to_string(), whole(name.ident.to_string()))),
        syn::UseTree::Glob(_) => paths.push((String::new(), before.clone())),
        syn::UseTree::Group(group) => {
            group.items.iter().for_each(|item| flatten(item, before, paths));
        }
    }
}

/// The module of the file that defines what a path names; `None` for paths out of the crate.
fn defining_file<'a>(
    files: &'a BTreeMap<Module, File>,
    place: &Module,
    path: &[String],
    depth: usize,
) -> Option<&'a Module> {
    let mut rest = (depth < HANDED_ON).then_some(path)?;
    let mut at = match rest.first().map(String::as_str)? {
        "crate" => Module::new(),
        "self" | "super" => place.clone(),
        first => {
            let child: Module = place.iter().cloned().chain([first.to_owned()]).collect();
            let is_handed_out = files.get(place).is_some_and(|file| file.handed_out.contains_key(first));
            // A name by itself is a variable, or handed out; never a file.
            let is_file = path.len() > 1 && files.contains_key(&child);
            (is_file || is_handed_out).then(|| place.clone())?
        }
    };
    while let Some(first) = rest.first().filter(|first| ["crate", "self", "super"].contains(&first.as_str()))
    {
        if first == "super" {
            at.pop();
        }
        rest = rest.get(1..)?;
    }
    // As far down as there are files; what comes then is an item, or handed out from elsewhere.
    while let Some(first) = rest.first() {
        let child: Module = at.iter().cloned().chain([first.clone()]).collect();
        let other = files.get(&at).and_then(|file| file.handed_out.get(first));
        match (files.contains_key(&child), other) {
            // A module and a function of one name: the definition is in the module.
            (true, None) => at = child,
            (true, Some(_)) if rest.len() > 1 => at = child,
            (_, Some(other)) => return defining_file(files, &at, other, depth + 1),
            (false, None) => break,
        }
        rest = rest.get(1..)?;
    }
    files.get_key_value(&at).map(|(module, _)| module)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circles_of(texts: &[(&str, &str)]) -> Vec<Vec<String>> {
        let folder = std::env::temp_dir().join(format!("circles-{}-{}", std::process::id(), texts.len()));
        for (name, text) in texts {
            let file = folder.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        let found = circles(&folder).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        found
    }

    #[test]
    fn two_files_that_name_each_other_are_a_circle() {
        let found = circles_of(&[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::B; pub(crate) struct A(B);"),
            ("b.rs", "pub(crate) struct B; impl B { fn a() -> super::a::A { loop {} } }"),
        ]);
        assert_eq!(found.len(), 1);
        assert_eq!(found.concat(), ["a.rs needs b.rs (B)", "b.rs needs a.rs (A)"]);
    }

    #[test]
    fn a_name_that_is_handed_out_leads_to_the_file_that_defines_it() {
        let found = circles_of(&[
            ("lib.rs", "mod a;"),
            ("a/mod.rs", "mod b; mod c; pub(crate) use b::B;"),
            ("a/b.rs", "pub(crate) struct B;"),
            ("a/c.rs", "use super::B; struct C(B);"),
            ("d.rs", "#[cfg(test)] mod tests { use crate::a::B; }"),
        ]);
        assert_eq!(found, Vec::<Vec<String>>::new());
    }

    #[test]
    fn a_parent_that_uses_its_child_and_is_used_by_it_is_a_circle() {
        let found = circles_of(&[
            ("lib.rs", "mod a;"),
            ("a/mod.rs", "mod b; pub(crate) use b::B; pub(crate) fn one(b: B) {}"),
            ("a/b.rs", "pub(crate) struct B; fn two() { super::one(B) }"),
            ("e.rs", ""),
        ]);
        assert_eq!(found.len(), 1);
    }
}
