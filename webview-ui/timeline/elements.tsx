import type { ComponentChildren } from 'preact';
import { createElement } from 'preact';

interface ButtonProps {
  readonly onClick: () => void;
  readonly children: ComponentChildren;
  readonly secondary?: boolean;
  readonly icon?: string;
}

/** A button of the editor's own look. */
export function Button({ onClick, children, secondary = false, icon }: ButtonProps) {
  return createElement('vscode-button', { onClick, secondary, icon } as object, children);
}

/** An icon of the editor's own set; decoration only. */
export function Icon({ name, spin = false }: { readonly name: string; readonly spin?: boolean }) {
  const spinning = spin ? ' codicon-modifier-spin' : '';
  return <span class={`codicon codicon-${name}${spinning}`} aria-hidden="true" />;
}

interface IconButtonProps {
  readonly icon: string;
  readonly label: string;
  readonly onClick: () => void;
  readonly disabled?: boolean;
}

export function IconButton({ icon, label, onClick, disabled = false }: IconButtonProps) {
  return (
    <button
      type="button"
      class="icon-button"
      title={label}
      aria-label={label}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}

interface SectionProps {
  readonly heading: string;
  readonly open?: boolean;
  readonly count?: number;
  readonly children: ComponentChildren;
}

/** A part of the details that folds. */
export function Section({ heading, open = true, count, children }: SectionProps) {
  return (
    <details class="section" open={open}>
      <summary>
        <Icon name="chevron-right" />
        <h3>{heading}</h3>
        {count === undefined ? null : <span class="count">{count}</span>}
      </summary>
      <div class="section-body">{children}</div>
    </details>
  );
}

export function Loading({ what }: { readonly what: string }) {
  return (
    <p class="quiet loading" role="status">
      <Icon name="loading" spin />
      {what}
    </p>
  );
}
