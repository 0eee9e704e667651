//! Which file of `src/` uses which, and the circles that they make.
//!
//! A `mod x;` or a `pub use` in a `mod.rs` is the front door of a room and no dependency: a name
//! that comes through it is followed to the file that defines it. Tests in a file do not count.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};
use syn::{Attribute, File, Item, ItemMod, ItemUse, Path, UseTree, Visibility};

/// The path of a module from the crate's root.
type Module = Vec<String>;

/// What a module brings into its scope, or gives out, under which name.
type Names = BTreeMap<String, Module>;

struct Source {
    file: String,
    /// What it names: paths from the crate's root.
    used: Vec<Module>,
    gives: Names,
}

/// All modules of the crate.
pub struct Graph {
    sources: BTreeMap<Module, Source>,
    folders: BTreeSet<Module>,
}

/// The module that stands in a file: `a/mod.rs` and `a.rs` are `a`.
fn module_of(file: &str) -> Module {
    let path = file.trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if path == "lib" { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
}

impl Graph {
    /// Of these files: their paths below `src/`, and their texts.
    pub fn of(files: &[(String, String)]) -> Self {
        let files: Vec<_> = files.iter().filter(|(file, _)| file != "main.rs").collect();
        let modules: BTreeSet<Module> = files.iter().map(|(file, _)| module_of(file)).collect();
        let folders = modules.iter().flat_map(|m| (0..=m.len()).map(|end| m[..end].to_vec()));
        let folders: BTreeSet<Module> = folders.collect();
        let mut sources = BTreeMap::new();
        for (file, text) in files {
            let module = module_of(file);
            let ast = syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"));
            let source = read(file, &module, &ast, &folders);
            sources.insert(module, source);
        }
        Self { sources, folders }
    }

    /// The module that defines what a path names.
    fn definer(&self, path: &[String]) -> Module {
        let mut path = path.to_vec();
        // A name that is given out twenty times over gives itself out.
        for _ in 0..20 {
            let end = (0..=path.len()).rev().find(|end| self.folders.contains(&path[..*end]));
            let (module, rest) = path.split_at(end.unwrap_or(0));
            let source = self.sources.get(module);
            let given = rest.first().and_then(|name| source?.gives.get(name));
            let Some(given) = given else { return module.to_vec() };
            path = given.iter().chain(&rest[1..]).cloned().collect();
        }
        path
    }

    /// Every file with the files that it uses.
    pub fn edges(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut edges = BTreeMap::<_, BTreeSet<_>>::new();
        for (module, source) in &self.sources {
            let uses = edges.entry(source.file.as_str()).or_default();
            for path in &source.used {
                let definer = self.definer(path);
                let names_module_itself = &definer == path;
                if definer != *module
                    && !names_module_itself
                    && let Some(other) = self.sources.get(&definer)
                {
                    uses.insert(other.file.as_str());
                }
            }
        }
        edges
    }
}

/// A circle: each of these uses the next, and the last one the first. None where there is none.
pub fn circle<'a>(edges: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> Option<Vec<&'a str>> {
    let mut done = BTreeSet::new();
    edges.keys().find_map(|start| walk(start, edges, &mut Vec::new(), &mut done))
}

fn walk<'a>(
    file: &'a str,
    edges: &BTreeMap<&'a str, BTreeSet<&'a str>>,
    way: &mut Vec<&'a str>,
    done: &mut BTreeSet<&'a str>,
) -> Option<Vec<&'a str>> {
    if let Some(at) = way.iter().position(|passed| *passed == file) {
        return Some(way[at..].to_vec());
    }
    if done.contains(file) {
        return None;
    }
    way.push(file);
    let found = edges.get(file).into_iter().flatten().find_map(|next| walk(next, edges, way, done));
    way.pop();
    done.insert(file);
    found
}

fn read(file: &str, module: &Module, ast: &File, folders: &BTreeSet<Module>) -> Source {
    let mut reader = Reader { module, folders, brought: Names::new(), gives: Names::new() };
    for item in &ast.items {
        if let Item::Use(item) = item {
            reader.bring(item);
        }
    }
    let Reader { brought, gives, .. } = reader;
    let mut used: Vec<Module> = brought.values().cloned().collect();
    let mut names = Mentions { module, folders, brought: &brought, gives: &gives, used: &mut used };
    names.visit_file(ast);
    Source { file: file.to_owned(), used, gives }
}

/// A path as it is written, from the crate's root; none where it leads out of the crate.
fn from_root(module: &Module, folders: &BTreeSet<Module>, path: &[String]) -> Option<Module> {
    let begin = match path.first()?.as_str() {
        "crate" => Vec::new(),
        "self" => module.clone(),
        "super" => {
            let ups = path.iter().take_while(|segment| *segment == "super").count();
            let above = module[..module.len().checked_sub(ups)?].to_vec();
            return Some(above.into_iter().chain(path[ups..].iter().cloned()).collect());
        }
        first => {
            let child: Module = module.iter().cloned().chain([first.to_owned()]).collect();
            let is_child = folders.contains(&child);
            return is_child.then(|| child.into_iter().chain(path[1..].iter().cloned()).collect());
        }
    };
    Some(begin.into_iter().chain(path[1..].iter().cloned()).collect())
}

struct Reader<'a> {
    module: &'a Module,
    folders: &'a BTreeSet<Module>,
    brought: Names,
    gives: Names,
}

impl Reader<'_> {
    fn bring(&mut self, item: &ItemUse) {
        let is_given = !matches!(item.vis, Visibility::Inherited);
        let mut leaves = Vec::new();
        flatten(&item.tree, &mut Vec::new(), &mut leaves);
        for (name, path) in leaves {
            let Some(path) = from_root(self.module, self.folders, &path) else { continue };
            let names = if is_given { &mut self.gives } else { &mut self.brought };
            names.insert(name, path);
        }
    }
}

/// The single names of a `use`, each with its path.
fn flatten(tree: &UseTree, before: &mut Vec<String>, leaves: &mut Vec<(String, Vec<String>)>) {
    let mut leaf = |name: String, last: Option<String>| {
        let path = before.iter().cloned().chain(last).collect();
        leaves.push((name, path));
    };
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, leaves);
            before.pop();
        }
        UseTree::Name(name) if name.ident == "self" => {
            leaf(before.last().cloned().unwrap_or_default(), None);
        }
        UseTree::Name(name) => leaf(name.ident.to_string(), Some(name.ident.to_string())),
        UseTree::Rename(rename) => {
            let last = (rename.ident != "self").then(|| rename.ident.to_string());
            leaf(rename.rename.to_string(), last);
        }
        UseTree::Glob(_) => leaf("*".to_owned(), None),
        UseTree::Group(group) => {
            group.items.iter().for_each(|tree| flatten(tree, before, leaves));
        }
    }
}

/// Collects the paths that stand in the code itself.
struct Mentions<'a> {
    module: &'a Module,
    folders: &'a BTreeSet<Module>,
    brought: &'a Names,
    gives: &'a Names,
    used: &'a mut Vec<Module>,
}

impl<'ast> Visit<'ast> for Mentions<'_> {
    fn visit_path(&mut self, path: &'ast Path) {
        let path_in_code: Vec<_> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        let known = self.brought.get(&path_in_code[0]).or_else(|| self.gives.get(&path_in_code[0]));
        let whole = match known {
            Some(begin) => Some(begin.iter().chain(&path_in_code[1..]).cloned().collect()),
            None => from_root(self.module, self.folders, &path_in_code),
        };
        self.used.extend(whole);
        visit::visit_path(self, path);
    }

    fn visit_item_use(&mut self, _: &'ast ItemUse) {}

    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if !item.attrs.iter().any(is_for_tests) {
            visit::visit_item_mod(self, item);
        }
    }
}

fn is_for_tests(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute.parse_args::<Path>().is_ok_and(|path| path.is_ident("test"))
}
