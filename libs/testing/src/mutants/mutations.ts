import ts from 'typescript';
import { METHODS, OPERATORS } from './mistakes.js';
import { patternMutants } from './pattern-mutants.js';

/** One small change to a source file. */
export interface Mutation {
  /** What it replaces: chars `[start, end)`. */
  readonly start: number;
  readonly end: number;
  readonly to: string;
  /** From 1. */
  readonly line: number;
  /** Where it is and what it changes, whatever stands on other lines; no two in a file are the same. */
  readonly label: string;
}

type Replacement = readonly [node: ts.Node, to: string];

/**
 * Every change that is tried: other operators, constants one off, conditions that are decided, statements left out,
 * other texts and patterns.
 * @param source TypeScript
 */
export function mutationsOf(source: string): Mutation[] {
  const file = ts.createSourceFile('mutated.ts', source, ts.ScriptTarget.ES2023, true);
  const found: Mutation[] = [];
  const visit = (node: ts.Node): void => {
    if (isWithoutEffect(node)) return;
    for (const [from, to] of replacements(node)) {
      if (from.getText(file) !== to) found.push(mutation(file, from, to));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return numbered(found);
}

/** The source with the change made. */
export function mutated(source: string, { start, end, to }: Mutation): string {
  return source.slice(0, start) + to + source.slice(end);
}

/** Labels that are the same are told apart by a number behind them. */
function numbered(found: readonly Mutation[]): Mutation[] {
  const times = new Map<string, number>();
  return found.map((one) => {
    const time = (times.get(one.label) ?? 0) + 1;
    times.set(one.label, time);
    return time === 1 ? one : { ...one, label: `${one.label} (${time})` };
  });
}

/** Types and imports are gone when code runs. */
function isWithoutEffect(node: ts.Node): boolean {
  return (
    ts.isTypeNode(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node)
  );
}

function replacements(node: ts.Node): readonly Replacement[] {
  if (ts.isBinaryExpression(node)) {
    return (OPERATORS.get(node.operatorToken.getText()) ?? []).map((to): Replacement => [node.operatorToken, to]);
  }
  if (ts.isPrefixUnaryExpression(node)) return prefix(node);
  if (ts.isPostfixUnaryExpression(node)) {
    const operator = node.operator === ts.SyntaxKind.PlusPlusToken ? '--' : '++';
    return [[node, node.operand.getText() + operator]];
  }
  if (ts.isNumericLiteral(node) || ts.isBigIntLiteral(node)) return number(node);
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return text(node);
  if (ts.isRegularExpressionLiteral(node)) return patternMutants(node.getText()).map((to): Replacement => [node, to]);
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [[node, 'false']];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [[node, 'true']];
  if (ts.isIfStatement(node)) return decided(node.expression, 'true', 'false');
  if (ts.isConditionalExpression(node)) return decided(node.condition, 'true', 'false');
  if (ts.isWhileStatement(node)) return decided(node.expression, 'false');
  if (ts.isForStatement(node) && node.condition !== undefined) return decided(node.condition, 'false');
  if (ts.isPropertyAccessExpression(node) && ts.isCallExpression(node.parent)) return method(node);
  return isLeftOut(node) ? [[node, ';']] : [];
}

function decided(condition: ts.Node, ...values: readonly string[]): Replacement[] {
  return values.map((value) => [condition, value]);
}

function prefix(node: ts.PrefixUnaryExpression): Replacement[] {
  const operand = node.operand.getText();
  switch (node.operator) {
    case ts.SyntaxKind.ExclamationToken:
    case ts.SyntaxKind.TildeToken:
      return [[node, operand]];
    case ts.SyntaxKind.MinusToken:
      return [[node, `(${operand})`]];
    case ts.SyntaxKind.PlusPlusToken:
      return [[node, `--${operand}`]];
    case ts.SyntaxKind.MinusMinusToken:
      return [[node, `++${operand}`]];
    default:
      return [];
  }
}

function number(node: ts.NumericLiteral | ts.BigIntLiteral): Replacement[] {
  if (ts.isPropertyAssignment(node.parent) && node.parent.name === node) return [];
  const literal = node.getText().replaceAll('_', '');
  if (ts.isBigIntLiteral(node)) {
    const value = BigInt(literal.slice(0, -1));
    return [value + 1n, value - 1n].map((other) => [node, `(${other}n)`]);
  }
  const value = Number(literal);
  return [value + 1, value - 1].filter((other) => other !== value).map((other) => [node, `(${other})`]);
}

function text(node: ts.StringLiteral | ts.NoSubstitutionTemplateLiteral): Replacement[] {
  const isName = ts.isPropertyAssignment(node.parent) && node.parent.name === node;
  return isName ? [] : [[node, node.text === '' ? "'mutant'" : "''"]];
}

function method(node: ts.PropertyAccessExpression): Replacement[] {
  const other = METHODS.get(node.name.text);
  return other === undefined ? [] : [[node.name, other]];
}

function isLeftOut(node: ts.Node): boolean {
  if (ts.isExpressionStatement(node) || ts.isContinueStatement(node)) return true;
  return ts.isReturnStatement(node) && node.expression === undefined;
}

function mutation(file: ts.SourceFile, node: ts.Node, to: string): Mutation {
  const source = file.text;
  const start = node.getStart(file);
  const { line } = file.getLineAndCharacterOfPosition(start);
  const lineStart = file.getPositionOfLineAndCharacter(line, 0);
  const lineEnd = source.indexOf('\n', start);
  const from = source.slice(start, node.end).replace(/\s+/gu, ' ');
  const before = source.slice(lineStart, start).trimStart();
  const after = source.slice(node.end, Math.max(node.end, lineEnd));
  return { start, end: node.end, to, line: line + 1, label: `${ownerOf(node)}: ${before}⟦${from} → ${to}⟧${after}` };
}

/** Name of the function, method, property or constant of the file that a node is part of. */
function ownerOf(node: ts.Node): string {
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isConstructorDeclaration(at)) return 'constructor';
    if (ts.isMethodDeclaration(at) || ts.isPropertyDeclaration(at)) return at.name.getText();
    if (ts.isFunctionDeclaration(at) && at.name !== undefined) return at.name.text;
    if (ts.isVariableDeclaration(at) && ts.isSourceFile(at.parent.parent.parent)) return at.name.getText();
  }
  return 'file';
}
