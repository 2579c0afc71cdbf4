// A file of its own, so that Vectra is loaded on demand: of a package in CommonJS the bundle's `import()` would
// give the default export alone.
export { LocalIndex } from 'vectra/browser';
