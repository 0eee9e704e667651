import '../lib/style/paper.css'
import './menu.css'
import { mount } from 'svelte'
import { language } from '../lib/i18n/language.svelte'
import App from './App.svelte'
import { tableCode } from './address'
import { startBack } from './back'
import { earlyTap } from './early'
import { firstReply } from './first'

const readable = document.getElementById('app')!
const first = firstReply(readable)
if (first) language.adopt(document.documentElement.lang)

startBack()
const early = earlyTap(location.hash)
if (early) history.replaceState(history.state, '', location.pathname + location.search)

// The app is drawn aside and takes the readable page's place in one step; what was typed meanwhile stays.
const field = readable.querySelector('input')
const isTyping = field !== null && document.activeElement === field
const app = document.createElement('div')
app.id = 'app'
mount(App, { target: app, props: { qrCode: tableCode(location), first, early, wish: field?.value ?? '' } })
readable.replaceWith(app)
if (isTyping) app.querySelector('input')?.focus({ preventScroll: true })
