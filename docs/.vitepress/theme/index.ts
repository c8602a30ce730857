import type { Theme } from 'vitepress'
import DefaultTheme from 'vitepress/theme'
import Charts from './Charts.vue'
import Choices from './Choices.vue'
import Facts from './Facts.vue'
import './style.css'

const theme: Theme = {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('Charts', Charts).component('Choices', Choices).component('Facts', Facts)
  },
}

export default theme
