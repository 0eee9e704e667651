import '../lib/style/paper.css'
import { mount } from 'svelte'
import App from './App.svelte'
import { tableCode } from './address'

mount(App, { target: document.getElementById('app')!, props: { qrCode: tableCode(location) } })
