/**
 * The member `name` of `value`, unread; undefined if that is no object or has
 * none. For data whose shape nobody has checked yet; inherited members count.
 */
export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Reflect.get(value, name)
    : undefined;
}
