/** The element with this id; its absence is a defect of the page. */
export function byId<E extends HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element with id "${id}"`);
  return found as E;
}

/** A copy of what the server rendered into `<template id>`. */
export function fromTemplate(id: string): HTMLElement {
  const first = byId<HTMLTemplateElement>(id).content.firstElementChild;
  if (!first) throw new Error(`The template "${id}" is empty`);
  return first.cloneNode(true) as HTMLElement;
}

/** The part of `parent` with this `data-testid`. */
export function part(parent: ParentNode, testId: string): HTMLElement | null {
  return parent.querySelector<HTMLElement>(`[data-testid="${testId}"]`);
}
