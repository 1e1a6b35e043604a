<?php
/** Asks one question on the confirmation page of an order. */

if (!defined('_PS_VERSION_')) {
    exit;
}

class Parere extends Module
{
    const COLLECTOR = 'https://feedback.example';
    const SITE = 'pk_demo';
    const SURVEY = 'nps';

    public function __construct()
    {
        $this->name = 'parere';
        $this->tab = 'front_office_features';
        $this->version = '0.1.0';
        $this->author = 'parere';
        parent::__construct();
        $this->displayName = 'parere';
        $this->description = 'Asks one question after an order.';
    }

    public function install()
    {
        return parent::install() && $this->registerHook('displayOrderConfirmation');
    }

    /** Since 1.7 the order is `order`, before it was `objOrder`. */
    public function hookDisplayOrderConfirmation($params)
    {
        $order = isset($params['order']) ? $params['order'] : (isset($params['objOrder']) ? $params['objOrder'] : null);
        if (!$order || empty($order->id)) {
            return '';
        }
        $text = static function ($value) {
            return htmlspecialchars((string) $value, ENT_QUOTES);
        };
        return '<parere-survey survey="' . $text(self::SURVEY) . '"></parere-survey>'
            . '<script async src="' . $text(self::COLLECTOR . '/v1/' . self::SITE . '.js') . '" data-survey="'
            . $text(self::SURVEY) . '" data-ref="' . $text($order->id) . '"></script>';
    }
}
