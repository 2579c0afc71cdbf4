/** Something to be released once; structurally the same as `vscode.Disposable`. */
export interface Disposable {
  dispose(): void;
}
