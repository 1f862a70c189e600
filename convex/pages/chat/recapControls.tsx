/** @jsxImportSource hono/jsx */

/** Asks for a recap of the thread, with the strategy and the budget that are chosen. Works with JavaScript only. */
export function RecapControls() {
  return (
    <form id="recap" class="recap" method="post" action="/autopilot" data-testid="recap-controls">
      <label>
        <span>Strategy</span>
        <select name="strategy" data-testid="recap-strategy">
          <option value="rlm_lite.v1" selected>
            rlm_lite.v1
          </option>
          <option value="direct.v1">direct.v1</option>
        </select>
      </label>
      <label>
        <span>Budget</span>
        <select name="budget" data-testid="recap-budget">
          <option value="small">small</option>
          <option value="medium" selected>
            medium
          </option>
          <option value="long">long</option>
        </select>
      </label>
      <button type="submit" class="quiet" data-testid="recap-button">
        Recap the thread
      </button>
    </form>
  );
}
