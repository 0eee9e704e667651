// The box's shapes that the pages use, as docs/openapi.json tells them.

export type Texts = Record<string, { name?: string | null; description?: string | null }>
export type Department = 'bar' | 'cold' | 'hot' | 'dessert' | 'grill' | 'bakery'
export type ItemStatus = 'NEW' | 'SENT_TO_KITCHEN' | 'IN_PREPARATION' | 'READY' | 'SERVED' | 'CANCELLED'
export type OrderStatus = 'PENDING' | 'IN_PROGRESS' | 'READY' | 'SERVED' | 'DINING' | 'COMPLETED' | 'CANCELLED'

export interface Restaurant {
  name: string
  currency: string
  currency_digits: number
  timezone: string
  languages: string[]
  version: string
  guest_orders: string
}

export interface Allergen {
  id: number
  name: string
  translations: Texts
}

export interface Variation {
  id: number
  name: string
  description: string | null
  price: string
  image_url: string | null
  weight: number | null
  calories: number | null
  is_default: boolean
  translations: Texts
}

export interface Dish {
  id: number
  name: string
  description: string
  main_image_url: string | null
  cooking_time: number | null
  weight: number | null
  calories: number | null
  is_popular: boolean
  translations: Texts
  allergens: Allergen[]
  variations: Variation[]
}

export interface Category {
  id: number
  name: string
  description: string | null
  translations: Texts
  dishes: Dish[]
}

export interface Menu {
  categories: Category[]
}

export interface GuestSession {
  token: string
  expires_at: string
  table_id: number
  table_number: number
  location_name: string | null
}

export interface GuestOrderItem {
  id: number
  dish_id: number
  dish_variation_id: number | null
  dish_name: string
  variation_name: string | null
  quantity: number
  price: string
  total: string
  comment: string | null
  status: ItemStatus
}

export interface GuestOrder {
  id: number
  number: number
  status: OrderStatus
  payment_status: string
  total_price: string
  created_at: string
  waiting_for_confirmation: boolean
  items: GuestOrderItem[]
}

export interface GuestTable {
  table_number: number
  order: GuestOrder | null
}

export interface GuestOrderRequest {
  items: { dish_id: number; dish_variation_id: number; quantity: number; comment: string | null }[]
  notes?: string | null
}

export interface KitchenItem {
  id: number
  order_id: number
  order_number: number
  order_type: 'DINE_IN' | 'TAKEAWAY' | 'DELIVERY'
  table_number: number | null
  dish_name: string
  variation_name: string | null
  quantity: number
  comment: string | null
  order_notes: string | null
  status: ItemStatus
  department: Department
  waiter_name: string
  is_guest_order: boolean
  due_at: string | null
  sent_to_kitchen_at: string | null
  ready_at: string | null
  created_at: string
}

export interface StaffName {
  id: number
  username: string
  full_name: string
  avatar_url: string | null
}
