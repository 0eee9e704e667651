import '../lib/style/slate.css'
import './kitchen.css'
import { mount } from 'svelte'
import { startsWithoutBox } from '../lib/install'
import App from './App.svelte'
import { text } from './text-size.svelte'

text.apply()
mount(App, { target: document.getElementById('app')! })
startsWithoutBox('/app/kitchen')
