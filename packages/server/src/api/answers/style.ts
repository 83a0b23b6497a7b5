/** How the pages of answer links look; it stands in them, so that they need nothing from anywhere. */
export const style = `:root{color-scheme:light dark;--text:#1c2733;--quiet:#5b6875;--ground:#ffffff;--line:#c4ccd4;--mark:#1d4f91;--on-mark:#ffffff;--notice:#e8f0fa}
@media (prefers-color-scheme:dark){:root{--text:#e6eaee;--quiet:#a9b4bf;--ground:#15191e;--line:#46515c;--mark:#8db8f2;--on-mark:#10151b;--notice:#1f2c3d}}
*{box-sizing:border-box}
body{margin:0;padding:24px 16px;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
main{max-width:38rem;margin:0 auto;overflow-wrap:break-word}
h1{margin:0 0 16px;font-size:1.5rem;line-height:1.3}
h2{margin:16px 0 4px;font-size:1rem}
dl{margin:0 0 16px}
dl div{display:flex;gap:16px;padding:2px 0}
dt{flex:0 0 8rem;color:var(--quiet)}
dd{margin:0;min-width:0;overflow-wrap:anywhere}
.who{color:var(--quiet)}
.notice{margin:0 0 16px;padding:12px 16px;border-inline-start:4px solid var(--mark);background:var(--notice)}
fieldset{margin:0 0 16px;padding:8px 16px 16px;border:1px solid var(--line);border-radius:6px}
legend{padding:0 4px;font-weight:600}
fieldset p{margin:0 0 8px;color:var(--quiet)}
.choice{display:block;padding:6px 0}
.field{display:block;margin:8px 0 2px}
input[type=date],input[type=time],textarea{padding:6px 8px;border:1px solid var(--quiet);border-radius:4px;background:var(--ground);color:inherit;font:inherit}
textarea{display:block;width:100%;margin:0 0 16px}
button{padding:10px 20px;border:0;border-radius:6px;background:var(--mark);color:var(--on-mark);font:inherit;font-weight:600;cursor:pointer}
:focus-visible{outline:3px solid var(--mark);outline-offset:2px}
@supports selector(form:has(input)){form:not(:has(input[value=propose]:checked)) .times{display:none}}
`;
